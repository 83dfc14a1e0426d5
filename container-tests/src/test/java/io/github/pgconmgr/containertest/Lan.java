package io.github.pgconmgr.containertest;

import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network.Ipam;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;

/** The network of the hosts. Its cables can be pulled. Confined to the test's thread. */
final class Lan implements AutoCloseable {

    private static final String PREFIX = "10.179.0.";

    private final Network network = Network.builder()
            .createNetworkCmdModifier(command -> command.withIpam(
                            new Ipam().withConfig(new Ipam.Config().withSubnet(PREFIX + "0/24")))
                    // check-hosts.sh finds by it what a killed test has left.
                    .withLabels(Map.of("conmgr-test", System.getenv("CONMGR_TEST_IMAGE"))))
            .build();

    Network network() {
        return network;
    }

    static String address(int number) {
        return PREFIX + number;
    }

    static String subnet() {
        return PREFIX + "0/24";
    }

    /** Pulls the host's cable: nothing that was on its way arrives, nobody is told. */
    void cut(DebianHost host) {
        DockerClientFactory.instance()
                .client()
                .disconnectFromNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(host.containerId())
                .exec();
    }

    /** Puts it back: the same address and name as before. */
    void mend(DebianHost host) {
        ContainerNetwork place = new ContainerNetwork()
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(host.address()))
                .withAliases(List.of(host.name()));
        DockerClientFactory.instance()
                .client()
                .connectToNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(host.containerId())
                .withContainerNetwork(place)
                .exec();
    }

    @Override
    public void close() {
        network.close();
    }
}
