package org.virtugrid.api;

import java.util.List;

/**
 * What an action would do, without doing it.
 *
 * @param action what was asked for
 * @param vms names of the VMs that it would change
 * @param allowed whether it would be carried out now
 * @param refusal why not, else null
 * @param fix what to do about that, else null
 * @param bytesToMove data that others would copy, or memory and disk that would go to another host; an estimate
 * @param leastCopies the fewest copies that anything these VMs hold would have meanwhile, not counting theirs where they go
 *     away; null when they hold nothing or it can't be told
 * @param tasksAffected tasks that run, each of which may have work on any VM, and those that wait on these
 * @param estimatedSeconds roughly how long it would take
 * @param effects what else users would notice, in sentences; empty when nothing
 */
public record Preview(
        String action,
        List<String> vms,
        boolean allowed,
        String refusal,
        String fix,
        long bytesToMove,
        Integer leastCopies,
        long tasksAffected,
        long estimatedSeconds,
        List<String> effects) {}
