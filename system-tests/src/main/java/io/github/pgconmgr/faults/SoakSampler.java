package io.github.pgconmgr.faults;

import io.github.pgconmgr.faults.soak.LiveHeap;
import io.github.pgconmgr.faults.soak.Measure;
import io.github.pgconmgr.faults.soak.OurProcess;
import io.github.pgconmgr.faults.soak.Samples;
import io.github.pgconmgr.testkit.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures every process of ours in a lab, and the length of the logs.
 *
 * <p>Confined to its lab's thread.
 */
final class SoakSampler {

    private final FaultLab lab;
    private final Samples samples;
    private final SoakFile file;

    SoakSampler(FaultLab lab, Samples samples, SoakFile file) {
        this.lab = lab;
        this.samples = samples;
        this.file = file;
    }

    /** Measures all at that time, in seconds since the beginning. Blocks for some seconds: full collections. */
    void sample(double seconds) throws IOException {
        for (String name : Names.APPLICATIONS) {
            sampleHost(lab.net().host(name), seconds);
        }
        for (String name : Names.INSTANCES) {
            sampleHost(lab.net().host(name), seconds);
        }
    }

    private void sampleHost(LabHost host, double seconds) throws IOException {
        for (OurProcess process : OurProcess.of(host.name(), host.initPid())) {
            Map<Measure, Long> values;
            try {
                Map<Measure, Long> heap = heap(host, process);
                values = process.measure();
                values.putAll(heap);
            } catch (IOException ended) {
                continue;
            }
            samples.add(process, seconds, values);
            file.addSample(seconds, process, values);
        }
    }

    /** First, as the collection also gives memory back. */
    private static Map<Measure, Long> heap(LabHost host, OurProcess process) throws IOException {
        if (!Names.isApplication(host.name()) || process.role().startsWith("libpq")) {
            return Map.of();
        }
        return LiveHeap.kibibytes(host, process)
                .map(kibibytes -> Map.of(Measure.HEAP, kibibytes))
                .orElse(Map.of());
    }

    /** Bytes of the logs, by {@code conmgr APP} and {@code server INSTANCE}. */
    Map<String, Long> logSizes() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (ApplicationHost host : lab.applications()) {
            sizes.put("conmgr " + host.host().name(), size(host.folder().resolve("conmgr.log")));
        }
        for (var instance : lab.instances()) {
            sizes.put("server " + instance.name(), size(instance.log().file()));
        }
        return sizes;
    }

    private static long size(Path log) throws IOException {
        return Files.exists(log) ? Files.size(log) : 0;
    }
}
