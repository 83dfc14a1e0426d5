package io.github.pgconmgr.config;

/**
 * The value that one parameter has, as {@code cm_ctl show} shows it. Immutable.
 *
 * @param name instance number included
 * @param value in the one way we write it, whatever the file does ({@code 2min} for 120); empty if there is none
 * @param defaultValue in the same way
 * @param line of the file; 0 if the default holds
 * @param reloadable whether {@code cm_ctl reload} changes it; else it takes a restart
 */
public record Setting(String name, String value, String defaultValue, int line, boolean reloadable) {}
