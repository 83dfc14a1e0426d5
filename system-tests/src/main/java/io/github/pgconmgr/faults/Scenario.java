package io.github.pgconmgr.faults;

import java.util.List;

/**
 * What a scenario file says. Immutable.
 *
 * @param name the file's name without its ending
 * @param fault the words of the table
 * @param ends the sessions that have to end
 * @param mayEnd sessions that may end; of all others none may
 */
record Scenario(
        String name,
        String fault,
        Settings settings,
        Layout layout,
        List<Pair> ends,
        List<Pair> mayEnd,
        List<Step> steps) {}
