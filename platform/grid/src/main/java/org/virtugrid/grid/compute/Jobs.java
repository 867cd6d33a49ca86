package org.virtugrid.grid.compute;

import java.io.IOException;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipFile;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobCatalogue;

/** The built-in jobs and those in the jars of the home's {@code jobs} folder. */
final class Jobs {
    private static final String WITH_PATTERN = "filter";

    private final ClassLoader loader;
    private final JobCatalogue catalogue;
    private final Set<String> builtIn;
    private final List<String> problems;

    private Jobs(ClassLoader loader, List<String> problems) {
        this.loader = loader;
        this.catalogue = new JobCatalogue(loader);
        this.builtIn = Set.copyOf(new JobCatalogue(Jobs.class.getClassLoader()).names());
        this.problems = new ArrayList<>(problems);
        this.problems.addAll(catalogue.problems());
    }

    /** Loads what is there now; the folder is given by the system property {@code virtugrid.jobs.directory}. */
    static Jobs load() {
        String directory = System.getProperty("virtugrid.jobs.directory");
        return from(directory == null ? null : Path.of(directory));
    }

    static Jobs from(Path directory) {
        List<String> problems = new ArrayList<>();
        List<URL> jars = directory == null ? List.of() : jars(directory, problems);
        ClassLoader own = Jobs.class.getClassLoader();
        Jobs jobs = new Jobs(
                jars.isEmpty() ? own : new URLClassLoader(GuardedJob.LOADER, jars.toArray(URL[]::new), own), problems);
        jobs.problems.forEach(problem -> WorkerRuntime.LOG.warn("A job cannot be used: {}", problem));
        return jobs;
    }

    private static List<URL> jars(Path directory, List<String> problems) {
        List<URL> jars = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
                for (Path jar : files) {
                    if (isJar(jar, problems)) {
                        jars.add(jar.toUri().toURL());
                    }
                }
            } catch (IOException e) {
                problems.add(directory + ": " + e);
            }
        }
        return jars;
    }

    /** Class loaders pass over what they cannot read without a word. */
    private static boolean isJar(Path file, List<String> problems) {
        try (ZipFile jar = new ZipFile(file.toFile())) {
            return jar.size() > 0;
        } catch (IOException e) {
            problems.add(file + ": is not a jar (" + e.getMessage() + ")");
            return false;
        }
    }

    ClassLoader loader() {
        return loader;
    }

    /**
     * Whether the job is known to be done with a small input in a moment: not one of a user's own, and not one that takes a
     * pattern, as there are patterns that take for ever.
     */
    boolean isQuick(String operation) {
        return builtIn.contains(operation) && !operation.equals(WITH_PATTERN);
    }

    @SuppressWarnings("unchecked")
    Job<Serializable> create(String operation) throws InvalidJobException {
        if (!problems.isEmpty() && !catalogue.names().contains(operation)) {
            throw new InvalidJobException(
                    "operation",
                    "'" + operation + "' is not known, and some of the folder jobs cannot be used ("
                            + String.join("; ", problems) + ")",
                    "mend that and restart, or use one of " + String.join(", ", catalogue.names()));
        }
        Job<?> job = catalogue.create(operation);
        return builtIn.contains(operation) ? (Job<Serializable>) job : GuardedJob.of(job);
    }
}
