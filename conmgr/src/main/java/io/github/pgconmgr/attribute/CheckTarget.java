package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.CheckConninfo;
import io.github.pgconmgr.config.InstanceConfig;

/** Whom a check asks, and as whom. Immutable. */
record CheckTarget(InstanceConfig instance, CheckConninfo conninfo) {}
