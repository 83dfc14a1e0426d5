package io.github.pgconmgr.faults;

/**
 * A lab under load, with those who watch it: plays one scenario after the other as long as the lab gets well again.
 *
 * <p>Confined to one thread.
 */
final class FaultStage implements AutoCloseable {

    private final FaultLab lab;
    private final Watch watch;
    private boolean spoilt;

    FaultStage(Settings settings) {
        lab = new FaultLab(settings);
        watch = new Watch(lab);
        lab.startLoad();
    }

    Settings settings() {
        return lab.settings();
    }

    FaultLab lab() {
        return lab;
    }

    Watch watch() {
        return watch;
    }

    /** Whether the next round needs a new stage. */
    boolean isSpoilt() {
        return spoilt;
    }

    /** Plays a round; whatever goes wrong is a violation. */
    Outcome play(Scenario scenario) {
        try {
            Outcome outcome = new Round(lab, watch, scenario).play();
            spoilt = !outcome.violations().isEmpty();
            return outcome;
        } catch (AssertionError | RuntimeException e) {
            spoilt = true;
            return Outcome.failed("the round could not be played: " + e);
        }
    }

    @Override
    public void close() {
        lab.close();
    }
}
