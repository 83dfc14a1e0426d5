package io.github.pgconmgr.watchdog.peer;

import java.util.List;

/** {@code watchdog.allowed_conmgrs}: from where a conmgr may connect. Immutable. */
public record AllowedConmgrs(List<AddressBlock> blocks) {

    /** Copies the list. */
    public AllowedConmgrs(List<AddressBlock> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /** Whether a conmgr may connect from there. */
    public boolean contains(PeerAddress address) {
        for (AddressBlock block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
