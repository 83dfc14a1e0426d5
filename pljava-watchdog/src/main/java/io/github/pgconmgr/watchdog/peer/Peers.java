package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.Id128;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows, found by connection, by conmgr id, or by host.
 *
 * <p>Confined to the peer table's thread.
 */
final class Peers {

    private final Map<Id128, Peer> byConmgr = new LinkedHashMap<>();
    private final Map<Long, Peer> byConnection = new HashMap<>();

    @Nullable
    Peer connectedBy(long connectionId) {
        return byConnection.get(connectionId);
    }

    /**
     * The row that a HELLO continues: of the same conmgr; or one without a connection of another conmgr of the same host, that
     * is of the same machine, boot and address.
     */
    @Nullable
    Peer returning(Arrival arrival) {
        Peer same = byConmgr.get(arrival.hello().conmgrId());
        if (same != null) {
            return same;
        }
        for (Peer peer : byConmgr.values()) {
            boolean sameHost = peer.host().sameBoot(arrival.hello().host())
                    && peer.address().equals(arrival.address());
            if (sameHost && !peer.isConnected()) {
                return peer;
            }
        }
        return null;
    }

    /** Rows without a connection of other conmgrs of the same host: these lost theirs after that one had come. */
    List<Peer> lostOnHostOf(Peer peer) {
        if (byConmgr.size() == byConnection.size()) {
            return List.of();
        }
        return byConmgr.values().stream()
                .filter(other -> !other.isConnected()
                        && other.host().sameBoot(peer.host())
                        && other.address().equals(peer.address()))
                .toList();
    }

    boolean add(Peer peer) {
        if (byConmgr.putIfAbsent(peer.conmgrId(), peer) != null) {
            return false;
        }
        bind(peer);
        return true;
    }

    /** Takes the row out under its old names; {@link #add} it again after it changed. */
    void remove(Peer peer) {
        unbind(peer);
        byConmgr.remove(peer.conmgrId());
    }

    void unbind(Peer peer) {
        PeerLink link = peer.link();
        if (link != null) {
            byConnection.remove(link.connectionId());
        }
    }

    private void bind(Peer peer) {
        PeerLink link = peer.link();
        if (link != null) {
            byConnection.put(link.connectionId(), peer);
        }
    }

    int size() {
        return byConmgr.size();
    }

    int connected() {
        return byConnection.size();
    }

    Collection<Peer> all() {
        return Collections.unmodifiableCollection(byConmgr.values());
    }

    /** A copy, for a loop that removes. */
    List<Peer> copy() {
        return new ArrayList<>(byConmgr.values());
    }
}
