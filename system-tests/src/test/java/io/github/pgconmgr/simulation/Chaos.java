package io.github.pgconmgr.simulation;

import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimProcess;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import java.util.ArrayList;
import java.util.List;

/** What goes wrong next, by chance. Confined to the simulation. */
final class Chaos {

    private static final long MILLISECOND = 1_000_000L;

    private final World world;
    private final List<Runnable> troubles;

    Chaos(World world) {
        this.world = world;
        this.troubles = List.of(
                this::cutBothWays,
                this::cutBothWays,
                this::cutOneWay,
                this::cutOneWay,
                this::healSomething,
                this::healSomething,
                this::healSomething,
                this::changeWeather,
                this::stallSomebody,
                this::stallSomebody,
                this::stallSomebody,
                this::killConmgr,
                this::stopConmgr,
                this::restartConmgr,
                this::restartConmgr,
                this::reloadConmgr,
                this::reloadConmgr,
                this::reloadConmgr,
                this::killWorker,
                this::killWorkerOfADeadHost,
                this::loseApplicationHost,
                this::loseInstanceHost,
                this::bootEverything,
                this::bootEverything,
                this::stopInstance,
                this::smartStop,
                this::startInstances,
                this::startInstances,
                this::promote,
                this::failChecks,
                this::stopFailingChecks,
                this::setReadOnlyBySql,
                this::reseedAsStandby,
                this::wantLsn,
                this::offerAbnormalSettings,
                this::sayGoodbyeFirst,
                this::restartConmgrAtOnce,
                this::restartConmgrAtOnce,
                this::loseConnections,
                this::greetStrangely,
                this::cutOffInstance,
                this::cutOffInstance,
                this::cutOffInstance,
                this::write);
    }

    void next() {
        pick(troubles).run();
    }

    private <T> T pick(List<T> among) {
        return among.get(world.time().random().nextInt(among.size()));
    }

    private SimHost applicationHost() {
        return pick(world.applicationHosts());
    }

    private SimInstance instance() {
        return pick(world.instances());
    }

    private SimConmgr conmgr() {
        return pick(new ArrayList<>(world.conmgrs()));
    }

    private void cutBothWays() {
        SimHost application = applicationHost();
        SimHost database = instance().host();
        world.oracle().trace("cut " + application.name() + " and " + database.name());
        world.network().cut(application, database);
        world.network().cut(database, application);
    }

    private void cutOneWay() {
        SimHost application = applicationHost();
        SimHost database = instance().host();
        boolean outward = world.time().random().nextBoolean();
        SimHost from = outward ? application : database;
        SimHost to = outward ? database : application;
        world.oracle().trace("cut " + from.name() + " to " + to.name());
        world.network().cut(from, to);
    }

    private void healSomething() {
        SimHost application = applicationHost();
        for (SimInstance instance : world.instances()) {
            heal(application, instance.host());
        }
        world.oracle().trace("heal " + application.name());
    }

    private void changeWeather() {
        double[] losses = {0, 0, 0.02, 0.2};
        long[] delays = {1, 2, 50, 200};
        int chosen = world.time().random().nextInt(losses.length);
        world.network().weather(delays[chosen] * MILLISECOND, losses[chosen]);
    }

    private void stallSomebody() {
        SimWatchdog watchdog = instance().watchdog();
        SimPostmaster postmaster = instance().postmaster();
        SimProcess process = conmgr();
        int choice = world.time().random().nextInt(5);
        if (choice < 2 && watchdog != null) {
            process = watchdog;
        } else if (choice == 2 && postmaster != null) {
            process = postmaster;
        }
        world.oracle().trace("stall of " + process.getClass().getSimpleName());
        process.stall(world.time().upTo(6000 * MILLISECOND));
    }

    private void killConmgr() {
        SimConmgr conmgr = conmgr();
        if (conmgr.host().isUp()) {
            conmgr.kill();
        }
    }

    private void stopConmgr() {
        SimConmgr conmgr = conmgr();
        if (conmgr.isAlive() && conmgr.host().isUp()) {
            conmgr.stop(pick(List.of(Goodbye.Reason.STOP, Goodbye.Reason.RESTART)));
        }
    }

    private void restartConmgr() {
        world.applicationHosts().forEach(world::startConmgrs);
    }

    private void killWorker() {
        instance().killWorker();
    }

    /** The rare coincidence that adoption is for: a host dies while the worker that knew it is away. */
    private void killWorkerOfADeadHost() {
        instance().killWorker();
        loseApplicationHost();
    }

    /** Its drivers ask for an LSN: the watchdogs tell each new one for a while (ADR 11). */
    private void wantLsn() {
        conmgr().wantLsn();
    }

    private void offerAbnormalSettings() {
        conmgr().offerAbnormalSettings();
    }

    private void sayGoodbyeFirst() {
        SimWatchdog watchdog = instance().watchdog();
        if (watchdog != null) {
            watchdog.sayGoodbyeFirst();
        }
    }

    /** cm_ctl restart, or a kill and its unit's Restart=: conmgr.conf may have been edited before. */
    private void restartConmgrAtOnce() {
        SimConmgr conmgr = conmgr();
        world.edit(conmgr);
        if (world.time().random().nextBoolean()) {
            conmgr.stop(Goodbye.Reason.RESTART);
        } else {
            conmgr.kill();
        }
        world.startConmgrs(conmgr.host());
    }

    /** An instance that everybody had come to know is heard by nobody, and hears nobody, for some timeouts (ADR 1, choice 3). */
    private void cutOffInstance() {
        SimInstance instance = instance();
        world.oracle().trace("calm around " + instance.name());
        bootEverything();
        world.applicationHosts().forEach(application -> heal(application, instance.host()));
        world.time().after(world.time().upTo(6000 * MILLISECOND), () -> {
            if (!world.isQuiet()) {
                cutOff(instance);
            }
        });
    }

    private void cutOff(SimInstance instance) {
        world.oracle().trace("cut off " + instance.name());
        for (SimHost application : world.applicationHosts()) {
            world.network().cut(application, instance.host());
        }
        switch (world.time().random().nextInt(4)) {
            case 0 -> instance.killWorker(); // the next one knows them from shared memory
            case 1 -> killConmgr(); // its last word is a FIN, and comes late
            case 2 -> world.conmgrs().forEach(conmgr -> conmgr.greetStrangely(1));
            default -> {}
        }
        long nanos = world.time().upTo(5000 * MILLISECOND);
        for (SimHost application : world.applicationHosts()) {
            world.time().after(nanos + world.time().upTo(500 * MILLISECOND), () -> heal(application, instance.host()));
        }
    }

    private void heal(SimHost application, SimHost database) {
        world.network().heal(application, database);
        world.network().heal(database, application);
    }

    private void loseConnections() {
        conmgr().loseConnections();
    }

    private void greetStrangely() {
        SimConmgr conmgr = conmgr();
        conmgr.greetStrangely(2);
        conmgr.loseConnections();
    }

    private void write() {
        instance().write();
    }

    private void reloadConmgr() {
        world.reload(conmgr());
    }

    private void loseApplicationHost() {
        SimHost host = applicationHost();
        if (host.isUp()) {
            world.oracle().trace("power loss of " + host.name());
            world.conmgrsOf(host).forEach(SimConmgr::vanish);
            host.powerOff();
        }
    }

    private void loseInstanceHost() {
        SimInstance instance = instance();
        if (instance.host().isUp()) {
            instance.powerOff();
        }
    }

    private void bootEverything() {
        for (SimHost host : world.applicationHosts()) {
            if (!host.isUp()) {
                host.powerOn();
            }
        }
        for (SimInstance instance : world.instances()) {
            if (!instance.host().isUp()) {
                instance.host().powerOn();
            }
        }
        startInstances();
        restartConmgr();
    }

    private void stopInstance() {
        instance().stop(world.time().random().nextBoolean());
    }

    private void smartStop() {
        instance().beginSmartStop();
    }

    private void startInstances() {
        world.instances().forEach(SimInstance::start);
    }

    private void promote() {
        SimInstance instance = instance();
        if (instance.isRunning() && instance.state().inRecovery()) {
            instance.promote();
        }
    }

    private void reseedAsStandby() {
        SimInstance instance = instance();
        instance.stop(false);
        instance.followAsStandby(instance.set().newestTimeline());
        instance.start();
    }

    /** The role of the checks may not connect any more, or a postmaster is starting for long. */
    private void failChecks() {
        instance().failChecks(true);
    }

    private void stopFailingChecks() {
        world.instances().forEach(instance -> instance.failChecks(false));
    }

    private void setReadOnlyBySql() {
        instance().setReadOnlyBySql(world.time().random().nextBoolean());
    }
}
