package org.virtugrid.grid.compute;

import java.io.IOException;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobCatalogue;

/** The built-in jobs and those in the jars of the home's {@code jobs} folder. */
final class Jobs {
    private static final String WITH_PATTERN = "filter";

    private final ClassLoader loader;
    private final JobCatalogue catalogue;
    private final Set<String> quick;

    private Jobs(ClassLoader loader) {
        this.loader = loader;
        this.catalogue = new JobCatalogue(loader);
        this.quick = new HashSet<>(new JobCatalogue(Jobs.class.getClassLoader()).names());
        quick.remove(WITH_PATTERN);
    }

    /** Loads what is there now; the folder is given by the system property {@code virtugrid.jobs.directory}. */
    static Jobs load() {
        String directory = System.getProperty("virtugrid.jobs.directory");
        ClassLoader own = Jobs.class.getClassLoader();
        List<URL> jars = directory == null ? List.of() : jars(Path.of(directory));
        Jobs jobs = new Jobs(jars.isEmpty() ? own : new URLClassLoader(jars.toArray(URL[]::new), own));
        jobs.catalogue.problems().forEach(problem -> WorkerRuntime.LOG.warn("A job cannot be used: {}", problem));
        return jobs;
    }

    private static List<URL> jars(Path directory) {
        List<URL> jars = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
                for (Path jar : files) {
                    jars.add(jar.toUri().toURL());
                }
            } catch (IOException e) {
                WorkerRuntime.LOG.warn("Cannot read the jobs in {}", directory, e);
            }
        }
        return jars;
    }

    ClassLoader loader() {
        return loader;
    }

    /**
     * Whether the job is known to be done with a small input in a moment: not one of a user's own, and not one that takes a
     * pattern, as there are patterns that take for ever.
     */
    boolean isQuick(String operation) {
        return quick.contains(operation);
    }

    @SuppressWarnings("unchecked")
    Job<Serializable> create(String operation) throws InvalidJobException {
        return (Job<Serializable>) catalogue.create(operation);
    }
}
