/**
 * What conmgr knows of its instances: one writer (the heartbeat loop), immutable snapshots for everybody else (ADR 4). Knows no
 * socket. The daemon makes one {@link io.github.pgconmgr.topology.Topology} and hands it to heartbeat, frontend and admin.
 */
@NullMarked
package io.github.pgconmgr.topology;

import org.jspecify.annotations.NullMarked;
