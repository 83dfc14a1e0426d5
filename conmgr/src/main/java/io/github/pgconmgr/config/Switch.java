package io.github.pgconmgr.config;

import java.util.Locale;

/** On or off, as a word of conmgr.conf. */
enum Switch {
    OFF,
    ON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
