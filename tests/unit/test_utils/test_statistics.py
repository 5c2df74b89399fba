"""Tests of random generators: right ones pass as often as theory says, wrong ones fail."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import mxnet as mx
from mxnet import test_utils
from mxnet.test_utils import chi_square_check, mean_check, var_check

EXPONENTIAL = np.random.standard_exponential
HALVES = [(0, 0.5), (0.5, 1)]


def uniform(count):
    return np.random.uniform(0, 1, count)


def passes(check, runs=400):
    return sum(check() for _ in range(runs)) / runs


def test_a_right_mean_passes_almost_always():
    assert passes(lambda: mean_check(EXPONENTIAL, 1, 1, 1000)) > 0.98


def test_a_wrong_mean_fails():
    assert not mean_check(lambda n: np.random.normal(0.1, 1, n), 0, 1, 10000)


@pytest.mark.parametrize("generator", [np.random.standard_normal, uniform, EXPONENTIAL])
def test_a_right_variance_passes_almost_always_for_any_kurtosis(generator):
    sigma = 12**-0.5 if generator is uniform else 1
    assert passes(lambda: var_check(generator, sigma, 4000)) > 0.98


@pytest.mark.parametrize("factor", [0.95, 1.05])
def test_a_wrong_variance_fails(factor):
    assert not var_check(lambda n: factor * np.random.standard_normal(n), 1, 100000)
    assert not var_check(lambda n: factor * uniform(n), 12**-0.5, 100000)


def test_generators_may_return_ndarrays_and_lists():
    assert mean_check(lambda n: mx.nd.array(uniform(n)), 0.5, 12**-0.5, 1000)
    assert var_check(lambda n: uniform(n).tolist(), 12**-0.5, 1000)


def test_the_samples_that_came_are_counted():
    assert chi_square_check(lambda n: [0, 1] * 3, [0, 1], [0.5, 0.5], 7)[1].tolist() == [3, 3]


def test_a_constant_is_no_distribution():
    assert not mean_check(np.zeros, 0, 0, 10)
    assert not var_check(np.zeros, 0, 10)


def test_a_generator_without_samples_is_refused():
    with pytest.raises(ValueError, match="returned no sample, but 10 were asked for"):
        mean_check(lambda n: [], 0, 1, 10)


def test_buckets_of_equal_probability_follow_the_inverse_distribution():
    buckets, probs = test_utils.gen_buckets_probs_with_ppf(lambda p: p**2, 4)
    assert buckets == [(0, 0.0625), (0.0625, 0.25), (0.25, 0.5625), (0.5625, 1)]
    assert probs == [0.25] * 4
    with pytest.raises(AssertionError, match="nbuckets is 0, but must be at least 1"):
        test_utils.gen_buckets_probs_with_ppf(lambda p: p, 0)


class TestChiSquare:
    def test_p_is_that_of_scipy(self):
        counts = np.array([240, 265, 495])
        samples = np.repeat([0, 1, 2], counts)
        p, observed, expected = chi_square_check(lambda n: samples, [0, 1, 2], [0.25, 0.25, 0.5])
        assert p == pytest.approx(stats.chisquare(counts, [250, 250, 500]).pvalue, rel=1e-9)
        assert observed.tolist() == counts.tolist()
        assert observed.dtype == np.int64
        assert expected.tolist() == [250, 250, 500]

    def test_p_is_evenly_distributed_for_a_right_generator(self):
        ps = [chi_square_check(uniform, HALVES, [0.5, 0.5], 1000)[0] for _ in range(400)]
        assert abs(np.mean(ps) - 0.5) < 0.06

    def test_a_wrong_generator_has_a_small_p(self):
        assert chi_square_check(lambda n: uniform(n) ** 1.2, HALVES, [0.5, 0.5], 10000)[0] < 1e-6

    def test_intervals_are_closed_below_and_open_above(self):
        samples = np.array([0, 0.5, 0.5, 0.999])
        assert chi_square_check(lambda n: samples, HALVES, [0.25, 0.75], 4)[1].tolist() == [1, 3]

    def test_values_need_no_order(self):
        observed = chi_square_check(lambda n: [7, 3, 3, 5], [5, 3, 7], [0.3, 0.4, 0.3], 4)[1]
        assert observed.tolist() == [1, 2, 1]

    def test_expected_counts_are_not_rounded(self):
        third = 1 / 3
        p, _, expected = chi_square_check(lambda n: np.arange(n) % 3, [0, 1, 2], [third] * 3, 100)
        assert expected == pytest.approx([100 / 3] * 3)
        assert p > 0.9

    def test_samples_outside_the_buckets_make_the_generator_wrong(self):
        assert chi_square_check(lambda n: uniform(n) * 1.01, HALVES, [0.5, 0.5], 10000)[0] == 0

    def test_what_the_probabilities_leave_is_the_chance_to_be_outside(self):
        assert chi_square_check(uniform, [(0, 0.2), (0.3, 0.6)], [0.2, 0.3], 10000)[0] > 1e-3
        assert chi_square_check(uniform, [(0, 0.2), (0.3, 0.6)], [0.3, 0.3], 10000)[0] < 1e-6

    def test_an_impossible_bucket_must_stay_empty(self):
        assert chi_square_check(lambda n: np.arange(n) % 2, [0, 1, 2], [0.5, 0.5, 0], 10)[0] == 1
        assert chi_square_check(lambda n: np.arange(n) % 3, [0, 1, 2], [0.5, 0.5, 0], 10)[0] == 0

    @pytest.mark.parametrize("buckets", [((0, 0.5), (0.5, 1)), np.array([[0, 0.5], [0.5, 1]])])
    def test_buckets_may_be_a_tuple_or_an_array(self, buckets):
        assert chi_square_check(uniform, buckets, np.array([0.5, 0.5]), 1000)[0] > 1e-3

    @pytest.mark.parametrize(
        ("buckets", "probs", "message"),
        [
            ([(0, 0.6), (0.5, 1)], [0.5, 0.5], "ascending and disjoint"),
            ([(0.5, 1), (0, 0.5)], [0.5, 0.5], "ascending and disjoint"),
            ([(0, 0), (0, 1)], [0.5, 0.5], "ascending and disjoint"),
            ([1, 1], [0.5, 0.5], "the same value twice"),
            ([(0, 1)], [0.5, 0.5], "There are 1 buckets, but 2 probs"),
            ([], [], "at least one"),
        ],
    )
    def test_buckets_that_make_no_sense_are_refused(self, buckets, probs, message):
        with pytest.raises(AssertionError, match=message):
            chi_square_check(uniform, buckets, probs, 10)

    @pytest.mark.parametrize("probs", [[0.9, 0.3], [-0.5, 0.5]])
    def test_probabilities_that_are_none_are_refused(self, probs):
        with pytest.raises(ValueError, match="must be at least 0 and at most 1 in all"):
            chi_square_check(uniform, HALVES, probs, 10)


class TestVerify:
    def test_a_right_generator_gives_a_p_per_repetition(self):
        ps = test_utils.verify_generator(uniform, HALVES, [0.5, 0.5], nsamples=1000, nrepeat=3)
        assert len(ps) == 3

    def test_a_wrong_generator_fails_with_its_numbers(self):
        with pytest.raises(AssertionError) as caught:
            test_utils.verify_generator(lambda n: np.arange(n) % 2, [0, 1], [0.25, 0.75], 1000, 2)
        assert str(caught.value).startswith("Generator test fails, Chi-square p=[")
        assert "obs_freq=[array([500, 500]), array([500, 500])]" in str(caught.value)
        assert "probs=[0.25, 0.75]" in str(caught.value)

    def test_the_share_that_must_succeed_can_be_chosen(self):
        runs = iter([0, 0, 1, 1])  # two right, two wrong

        def sometimes(count):
            return np.arange(count) % 2 if next(runs) == 0 else np.zeros(count)

        ps = test_utils.verify_generator(
            sometimes, [0, 1], [0.5, 0.5], nsamples=100, nrepeat=4, success_rate=0.5
        )
        assert ps == [1, 1, 0, 0] or ps[2] < 1e-6
