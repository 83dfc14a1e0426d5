package io.github.pgconmgr.attribute;

/** How a check ended. Immutable. */
public sealed interface CheckResult permits CheckAnswer, CheckFailure {}
