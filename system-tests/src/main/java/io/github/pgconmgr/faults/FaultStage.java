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

    FaultStage(Settings settings, Layout layout) {
        lab = new FaultLab(settings, layout);
        watch = new Watch(lab);
        lab.startLoad();
    }

    FaultLab lab() {
        return lab;
    }

    Watch watch() {
        return watch;
    }

    /** Whether the scenario can be played here: the lab is well, and as the scenario wants it. */
    boolean fits(Scenario scenario) {
        return !spoilt && lab.settings() == scenario.settings() && lab.layout() == scenario.layout();
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
