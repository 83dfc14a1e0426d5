package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.auth.Identity;
import io.github.pgconmgr.relay.auth.LookUpCache;
import io.github.pgconmgr.relay.auth.LookedUp;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code auth_query}: asks an instance who a user is, on a connection of conmgr's own, one question at a time; who asks for the same user
 * meanwhile gets the same answer. Needs no worker: nobody could log in otherwise while all are busy.
 *
 * <p>Confined to the relay's loop.
 */
final class UserLookUps {

    /** Who asked. */
    @FunctionalInterface
    interface Asker {
        void onLookedUp(LookedUp answer, long nowNanos);
    }

    private final RelayCore core;
    private final LookUpCache cache;
    private final Map<String, List<Asker>> waiting = new LinkedHashMap<>();
    private @Nullable LookUpSession session;
    private boolean asking;

    UserLookUps(RelayCore core) {
        this.core = core;
        this.cache = core.authenticator().lookUps();
    }

    /** Answers from what is known, or asks; the answer may come before this comes back. */
    void ask(String user, Asker asker, long nowNanos) {
        LookedUp known = cache.find(user, nowNanos);
        if (known != null) {
            asker.onLookedUp(known, nowNanos);
            return;
        }
        waiting.computeIfAbsent(user, unused -> new ArrayList<>(1)).add(asker);
        next(nowNanos);
    }

    /** A question may be answered at once, for all who wait: that must not nest as deep as they are many. */
    private void next(long nowNanos) {
        if (asking) {
            return;
        }
        asking = true;
        try {
            while (session == null && !waiting.isEmpty()) {
                askNext(nowNanos);
            }
        } finally {
            asking = false;
        }
    }

    private void askNext(long nowNanos) {
        String user = waiting.keySet().iterator().next();
        Identity identity = core.authenticator().queryIdentity();
        String query = core.authenticator().settings().query();
        InstanceChoice.Choice choice = core.instances().choose(core.lookUpTarget(), nowNanos);
        if (identity == null || query == null) {
            answer(user, new LookedUp.Failed("there is no auth_query any more"), nowNanos);
        } else if (choice instanceof InstanceChoice.None none) {
            answer(user, new LookedUp.Failed(none.text()), nowNanos);
        } else {
            LookUpSession begun = new LookUpSession(core, query, user, (answer, later) -> answer(user, answer, later));
            session = begun;
            begun.begin((InstanceChoice.Instance) choice, identity, startup(identity), nowNanos);
        }
    }

    private StartupPacket startup(Identity identity) {
        return new StartupPacket(
                StartupPacket.PROTOCOL_3_0,
                Map.of(
                        "user",
                        identity.user(),
                        "database",
                        core.lookUpDatabase(),
                        "application_name",
                        "conmgr",
                        "client_encoding",
                        "UTF8"));
    }

    private void answer(String user, LookedUp answer, long nowNanos) {
        session = null;
        cache.add(user, answer, nowNanos);
        List<Asker> askers = waiting.remove(user);
        if (askers != null) {
            askers.forEach(asker -> asker.onLookedUp(answer, nowNanos));
        }
        next(nowNanos);
    }
}
