package io.github.pgconmgr.daemon;

import io.github.pgconmgr.admin.PoolStatus;
import io.github.pgconmgr.relay.console.RelayPicture;
import io.github.pgconmgr.relay.console.RelayPicture.ClientPhase;
import io.github.pgconmgr.relay.console.RelayPicture.InstancePicture;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPhase;
import java.util.Arrays;

/** The relay's picture, made short for {@code cm_ctl status}. Stateless. */
final class PoolPicture {

    private PoolPicture() {}

    static PoolStatus of(RelayPicture picture) {
        return new PoolStatus(
                picture.pool().mode().toString(),
                picture.workers().size(),
                (int) picture.workers().stream()
                        .filter(worker -> worker.idleSince() == null)
                        .count(),
                picture.clients().size(),
                (int) picture.clients().stream()
                        .filter(client -> client.phase() == ClientPhase.WAITING)
                        .count(),
                picture.pool().workers() * picture.pool().maxPool(),
                picture.instances().stream()
                        .map(instance -> connections(picture, instance))
                        .toList());
    }

    private static PoolStatus.Connections connections(RelayPicture picture, InstancePicture instance) {
        return new PoolStatus.Connections(
                instance.number(),
                instance.host(),
                instance.port(),
                count(picture, instance, ServerPhase.ACTIVE, ServerPhase.TESTED),
                count(picture, instance, ServerPhase.IDLE),
                count(picture, instance, ServerPhase.LOGIN));
    }

    private static int count(RelayPicture picture, InstancePicture instance, ServerPhase... phases) {
        return (int) picture.servers().stream()
                .filter(server -> server.instance() == instance.number())
                .filter(server -> Arrays.asList(phases).contains(server.phase()))
                .count();
    }
}
