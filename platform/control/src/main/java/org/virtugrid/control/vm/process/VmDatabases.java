package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.StoredCaches;

/** What can be learnt and mended in the databases of workers that don't run. */
final class VmDatabases {
    private final VmFolders folders;

    VmDatabases(VmFolders folders) {
        this.folders = folders;
    }

    private Path of(String id) {
        return folders.folder(id).resolve("db");
    }

    /** Whether the newest topology that any of these VMs remembers was one without this VM, which has been in one before. */
    boolean isBehind(String id, String consistentId, Collection<String> all) {
        LastTopology newest =
                LastTopology.newest(all.stream().map(this::lastTopology).toList());
        return !newest.members().isEmpty()
                && !newest.members().contains(consistentId)
                && lastTopology(id).version() > 0;
    }

    private LastTopology lastTopology(String id) {
        try {
            return LastTopology.read(LastTopology.fileFor(of(id)));
        } catch (GridException e) {
            return LastTopology.NONE;
        }
    }

    /** Copies the settings of caches that the others have and this one has not. */
    void completeCaches(String id, Collection<String> others) {
        try {
            for (String other : others) {
                StoredCaches.copySettings(of(other), of(id));
            }
        } catch (IOException e) {
            throw GridException.unavailable(
                    "the settings of caches cannot be copied to VM " + id + ": " + e.getMessage(),
                    "mend the permissions below its folder, or free disk space");
        }
    }

    /** Removes what it holds of caches that are no more. */
    void dropCachesBut(String id, Set<String> existing) {
        try {
            StoredCaches.removeAllBut(of(id), existing);
        } catch (IOException e) {
            throw GridException.unavailable(
                    "what VM " + id + " holds of deleted caches cannot be removed: " + e.getMessage(),
                    "mend the permissions below its folder");
        }
    }
}
