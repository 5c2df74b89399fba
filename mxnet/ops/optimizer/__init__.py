"""Optimizer updates: one step of a weight, with its states written in place."""

from . import adagrad, adam, followers, lamb, many, momentum, sgd, signs
