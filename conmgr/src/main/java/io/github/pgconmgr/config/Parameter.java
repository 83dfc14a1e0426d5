package io.github.pgconmgr.config;

/**
 * One line of the parameter table (style rule 15). Immutable.
 *
 * @param name as in conmgr.conf, without an instance number
 * @param scope once per file, or once per instance with its number behind the name
 * @param type parser and bounds
 * @param defaultText as one would write it in the file; empty if there is no default
 * @param change what it takes to change it
 * @param text what it does, for people; plain sentences
 * @param <T> the parsed value
 */
public record Parameter<T>(
        String name, Scope scope, ValueType<T> type, String defaultText, Change change, String text) {

    /** How often a parameter stands in a file. */
    public enum Scope {
        ONCE,
        PER_INSTANCE
    }

    /** What it takes until a changed value holds. The documents ask for a restart always (C1); a reload is ours. */
    public enum Change {
        RESTART,
        RELOAD
    }

    static <T> Parameter<T> once(String name, ValueType<T> type, String defaultText, String text) {
        return new Parameter<>(name, Scope.ONCE, type, defaultText, Change.RESTART, text);
    }

    static <T> Parameter<T> reloadable(String name, ValueType<T> type, String defaultText, String text) {
        return new Parameter<>(name, Scope.ONCE, type, defaultText, Change.RELOAD, text);
    }

    static <T> Parameter<T> perInstance(String name, ValueType<T> type, String defaultText, String text) {
        return new Parameter<>(name, Scope.PER_INSTANCE, type, defaultText, Change.RESTART, text);
    }

    /** Whether an instance number stands behind the name. */
    public boolean indexed() {
        return scope == Scope.PER_INSTANCE;
    }

    /** Whether {@code cm_ctl reload} changes it in a running conmgr. */
    public boolean reloadable() {
        return change == Change.RELOAD;
    }

    /** Both as one would write it in a file: the default of a name that has none is "". */
    Setting setting(Settings settings, int number) {
        T value = settings.find(this, number);
        return new Setting(
                number == Settings.NO_NUMBER ? name : name + number,
                value == null ? "" : type.format(value),
                defaultText.isEmpty() ? "" : type.format(Settings.defaultOf(this)),
                settings.lineOf(this, number),
                reloadable());
    }
}
