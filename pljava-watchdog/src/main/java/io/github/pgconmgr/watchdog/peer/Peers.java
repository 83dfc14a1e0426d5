package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.Id128;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows, found by connection, by conmgr id, by address, or by host.
 *
 * <p>Confined to the peer table's thread.
 */
final class Peers {

    private final Map<Id128, Peer> byConmgr = new LinkedHashMap<>();
    private final Map<Long, Peer> byConnection = new HashMap<>();
    private final Map<PeerAddress, Set<Peer>> byAddress = new HashMap<>();

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
        for (Peer peer : at(arrival.address())) {
            if (!peer.isConnected() && peer.host().sameBoot(arrival.hello().host())) {
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
        return at(peer.address()).stream()
                .filter(other -> !other.isConnected() && other.host().sameBoot(peer.host()))
                .toList();
    }

    /** Rows of other conmgrs of the same host. */
    List<Peer> othersOnHostOf(Peer peer) {
        return at(peer.address()).stream()
                .filter(other -> other != peer && other.host().sameBoot(peer.host()))
                .toList();
    }

    boolean add(Peer peer) {
        if (byConmgr.putIfAbsent(peer.conmgrId(), peer) != null) {
            return false;
        }
        byAddress.computeIfAbsent(peer.address(), none -> new LinkedHashSet<>()).add(peer);
        bind(peer);
        return true;
    }

    /** Takes the row out under its old names; {@link #add} it again after it changed. */
    void remove(Peer peer) {
        unbind(peer);
        byConmgr.remove(peer.conmgrId());
        Set<Peer> neighbours = byAddress.get(peer.address());
        if (neighbours != null && neighbours.remove(peer) && neighbours.isEmpty()) {
            byAddress.remove(peer.address());
        }
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

    /** All of that address, in no order that means anything. */
    Collection<Peer> at(PeerAddress address) {
        return Collections.unmodifiableCollection(byAddress.getOrDefault(address, Set.of()));
    }

    /** A copy, for a loop that removes. */
    List<Peer> copy() {
        return new ArrayList<>(byConmgr.values());
    }
}
