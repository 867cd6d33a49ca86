package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.coordinator.Invariants.Name;
import org.virtugrid.grid.topology.CopyMap;

/** Coordinators that lack one of their safeguards each; the simulation is worth something only if it catches them. */
enum Mutant implements SimulatedControl.Variant {
    /** Replaces a guest that hangs without proving it dead. */
    NO_FENCE {
        @Override
        Set<Name> breaks() {
            return Set.of(Name.ONE_GUEST_PER_IDENTITY);
        }

        @Override
        public Reconciler reconciler() {
            return new Reconciler(Scenes.LIMITS) {
                @Override
                Decision decide(Memory memory, Observation observed) {
                    Decision decision = super.decide(memory, observed);
                    List<Action> actions = decision.actions().stream()
                            .map(action -> action instanceof Action.Fence fence
                                    ? new Action.Start(fence.vmId(), "it hangs")
                                    : action)
                            .toList();
                    return with(decision, actions);
                }
            };
        }
    },

    /** Carries out what was decided in a term that is over. */
    NO_TOKEN_CHECK {
        @Override
        Set<Name> breaks() {
            return Set.of(Name.ONE_ACTING_COORDINATOR);
        }

        @Override
        public Leadership leadership(Leadership real) {
            return new Leadership() {
                @Override
                public OptionalLong term() {
                    return real.term();
                }

                @Override
                public boolean holds(long term) {
                    return true;
                }

                @Override
                public void onChange(Runnable listener) {
                    real.onChange(listener);
                }
            };
        }
    },

    /** Fences however many hang. */
    NO_BRAKE {
        @Override
        Set<Name> breaks() {
            return Set.of(Name.BRAKE_HOLDS, Name.NEVER_FENCED_WHILE_ALIVE_AND_SEEN);
        }

        @Override
        public Reconciler reconciler() {
            return new Reconciler(Scenes.LIMITS) {
                @Override
                Brakes brakes(Memory memory, Observation seen, Map<String, Verdict> verdicts) {
                    Brakes real = super.brakes(memory, seen, verdicts);
                    return new Brakes(false, real.paused(), real.cutOff(), real.quietUntil(), 0);
                }
            };
        }
    },

    /** Believes that every copy is there and that nobody holds the last one. */
    NO_LAST_COPY_CHECK {
        @Override
        Set<Name> breaks() {
            return Set.of(Name.LAST_COPY_STAYS, Name.NO_OLD_VALUES, Name.DESIRED_STATE_REACHED);
        }

        @Override
        public Grid grid(Grid real) {
            return new Carefree(real);
        }
    },

    /** Starts what is starting once more. */
    DOUBLE_START {
        @Override
        Set<Name> breaks() {
            return Set.of(Name.ONE_GUEST_PER_IDENTITY);
        }

        @Override
        public Reconciler reconciler() {
            return new Reconciler(Scenes.LIMITS) {
                @Override
                Decision decide(Memory memory, Observation observed) {
                    Decision decision = super.decide(memory, observed);
                    List<Action> actions = new ArrayList<>(decision.actions());
                    decision.vms().forEach((id, status) -> {
                        if (status.verdict().kind() == Verdict.Kind.STARTING) {
                            actions.add(new Action.Start(id, "it takes its time"));
                        }
                    });
                    return with(decision, actions);
                }
            };
        }
    };

    /** Invariants of which it breaks one. */
    abstract Set<Name> breaks();

    private static Decision with(Decision decision, List<Action> actions) {
        return new Decision(decision.memory(), actions, decision.vms(), decision.overall(), decision.findings());
    }

    /** A grid whose copies are always said to be complete. */
    private record Carefree(Grid real) implements Grid {
        @Override
        public GridSnapshot snapshot() {
            GridSnapshot seen = real.snapshot();
            return new GridSnapshot(
                    seen.joined(),
                    seen.joinedMillis(),
                    seen.active(),
                    seen.prepared(),
                    seen.members(),
                    seen.baseline(),
                    seen.lastLive(),
                    seen.copies().known() ? Scenes.WHOLE : Copies.UNKNOWN,
                    seen.controls());
        }

        @Override
        public Optional<CopyMap> copies() {
            return real.copies().map(copies -> new CopyMap() {
                @Override
                public List<Holding> soleHoldings(Set<UUID> nodeIds) {
                    return List.of();
                }

                @Override
                public List<Holding> unreadableWithout(Set<UUID> nodeIds) {
                    return copies.unreadableWithout(nodeIds);
                }

                @Override
                public Share shareOf(Set<UUID> nodeIds) {
                    return copies.shareOf(nodeIds);
                }

                @Override
                public boolean complete() {
                    return true;
                }

                @Override
                public int missingCopies() {
                    return 0;
                }

                @Override
                public Set<String> lossyCaches() {
                    return Set.of();
                }
            });
        }

        @Override
        public void activate() {
            real.activate();
        }

        @Override
        public void deactivate() {
            real.deactivate();
        }

        @Override
        public void expel(String nodeId, String why) {
            real.expel(nodeId, why);
        }

        @Override
        public void setBaseline(Set<String> consistentIds) {
            real.setBaseline(consistentIds);
        }

        @Override
        public void prepare() {
            real.prepare();
        }

        @Override
        public void resetLost() {
            real.resetLost();
        }

        @Override
        public Optional<Set<String>> caches() {
            return real.caches();
        }

        @Override
        public long trafficBytes(String nodeId) {
            return real.trafficBytes(nodeId);
        }

        @Override
        public void onChange(Runnable listener) {
            real.onChange(listener);
        }
    }
}
