"""Operators on images: conversion, geometry and colour."""

from . import colour, conversion, geometry
