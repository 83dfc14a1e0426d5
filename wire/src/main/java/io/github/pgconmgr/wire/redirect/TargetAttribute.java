package io.github.pgconmgr.wire.redirect;

import java.util.Optional;

/** What {@code target_session_attrs} asks for, in libpq's words (A8). */
public enum TargetAttribute {
    ANY("any"),
    READ_WRITE("read-write"),
    READ_ONLY("read-only"),
    PRIMARY("primary"),
    STANDBY("standby"),
    PREFER_STANDBY("prefer-standby");

    private final String word;

    TargetAttribute(String word) {
        this.word = word;
    }

    /** The attribute of that name; empty if there is none. */
    public static Optional<TargetAttribute> of(String word) {
        for (TargetAttribute attribute : values()) {
            if (attribute.word.equals(word)) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /** libpq's word. */
    public String word() {
        return word;
    }
}
