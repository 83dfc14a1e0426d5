package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.Sight.Quantity;

/**
 * What our relay is held to: a quotient to what another contender came to in the same round. Immutable.
 *
 * @param beside the other one
 * @param bound throughput at least, anything else at most
 */
record Goal(Quantity quantity, Contender beside, double bound) {

    String text() {
        return (quantity == Quantity.RATE ? ">= " : "<= ") + bound;
    }

    /** Beyond the bound, but no further than the same work is from itself, is neither pass nor miss; only where the bound is 1 or looser. */
    Verdict verdict(Samples ratio, Samples noise) {
        double median = ratio.median();
        if (quantity == Quantity.RATE) {
            boolean noiseCounts = bound <= 1 && median >= noise.percentile(25);
            return median < bound && noiseCounts ? Verdict.NONE_SHOWN : Verdict.atLeast(median, bound);
        }
        return bound >= 1 ? Verdict.atMost(median, bound, noise) : Verdict.atMost(median, bound);
    }
}
