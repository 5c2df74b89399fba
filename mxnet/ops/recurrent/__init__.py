"""Recurrent layers, sequences of different lengths, and connectionist temporal classification."""

from . import ctc, rnn, sequence
