package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.cache.processor.EntryProcessorResult;
import javax.cache.processor.MutableEntry;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.CacheEntryProcessor;
import org.virtugrid.grid.topology.Caches;

/** Tasks in their cache. Each change runs where the task's primary copy lies and is stored with its copies. */
final class TaskStore {
    private final Ignite ignite;

    TaskStore(Ignite ignite) {
        this.ignite = ignite;
    }

    /**
     * A change of a task; runs under the entry's lock, a second time when the first one's worker was lost on the way. Gives
     * null to leave the task as it is, which it must when it has been made already.
     */
    interface Change extends Serializable {
        TaskRecord apply(TaskRecord now);

        /** This change and then that one, or none of them. */
        default Change then(Change next) {
            return now -> {
                TaskRecord between = apply(now);
                return between == null ? null : next.apply(between);
            };
        }
    }

    /** Makes the cache; idempotent. */
    static void initialise(Ignite ignite) {
        ignite.getOrCreateCache(Caches.<String, TaskRecord>tasks());
    }

    IgniteCache<String, TaskRecord> cache() {
        return ignite.cache(Caches.TASKS);
    }

    TaskRecord get(String id) {
        return cache().get(id);
    }

    /** Stores new tasks; those that are there already stay as they are. */
    void add(Collection<TaskRecord> tasks) {
        if (tasks.size() == 1) {
            tasks.forEach(task -> cache().putIfAbsent(task.id(), task));
        } else {
            Map<String, CacheEntryProcessor<String, TaskRecord, TaskRecord>> inserts = new TreeMap<>();
            tasks.forEach(task -> inserts.put(task.id(), new Insert(task)));
            cache().invokeAll(inserts);
        }
    }

    /** Those of the tasks that are there. */
    Map<String, TaskRecord> getAll(Collection<String> ids) {
        return cache().getAll(new TreeSet<>(ids));
    }

    /** Changes a task; the changed task, or null when the change left it. */
    TaskRecord change(String id, Change change) {
        return cache().invoke(id, new Apply(change, null));
    }

    /** Makes the same change to several tasks; those that changed. */
    Map<String, TaskRecord> changeAll(Collection<String> ids, Change change) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        Set<String> sorted = new LinkedHashSet<>(new TreeSet<>(ids));
        return changed(cache().invokeAll(sorted, new Apply(change, null)));
    }

    /**
     * Makes its own change to each of several tasks.
     *
     * @param unstored tasks that may not be stored yet: a change begins with what is stored, else with these
     * @return those that changed
     */
    Map<String, TaskRecord> changeEach(Map<String, ? extends Change> changes, Map<String, TaskRecord> unstored) {
        if (changes.isEmpty()) {
            return Map.of();
        }
        Map<String, CacheEntryProcessor<String, TaskRecord, TaskRecord>> processors = new TreeMap<>();
        changes.forEach((id, change) -> processors.put(id, new Apply(change, unstored.get(id))));
        return changed(cache().invokeAll(processors));
    }

    private static Map<String, TaskRecord> changed(Map<String, EntryProcessorResult<TaskRecord>> results) {
        Map<String, TaskRecord> changed = new HashMap<>();
        results.forEach((id, result) -> {
            TaskRecord task = result.get();
            if (task != null) {
                changed.put(id, task);
            }
        });
        return changed;
    }

    private static final class Apply implements CacheEntryProcessor<String, TaskRecord, TaskRecord> {
        private static final long serialVersionUID = 2L;

        private final Change change;
        private final TaskRecord unstored;

        Apply(Change change, TaskRecord unstored) {
            this.change = change;
            this.unstored = unstored;
        }

        @Override
        public TaskRecord process(MutableEntry<String, TaskRecord> entry, Object... arguments) {
            TaskRecord now = entry.exists() ? entry.getValue() : unstored;
            TaskRecord next = now == null ? null : change.apply(now);
            if (next != null) {
                entry.setValue(next);
            }
            return next;
        }
    }

    private static final class Insert implements CacheEntryProcessor<String, TaskRecord, TaskRecord> {
        private static final long serialVersionUID = 1L;

        private final TaskRecord task;

        Insert(TaskRecord task) {
            this.task = task;
        }

        @Override
        public TaskRecord process(MutableEntry<String, TaskRecord> entry, Object... arguments) {
            if (!entry.exists()) {
                entry.setValue(task);
            }
            return null;
        }
    }
}
