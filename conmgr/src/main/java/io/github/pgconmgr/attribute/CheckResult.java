package io.github.pgconmgr.attribute;

/** How a check ended. Immutable. */
sealed interface CheckResult permits CheckAnswer, CheckFailure {}
