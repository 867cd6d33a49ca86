package org.virtugrid.jobs.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The jobs that a class loader can see, by name. Immutable and safe for use by several threads. */
public final class JobCatalogue {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final Map<String, Class<?>> jobs = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * Looks for jobs that are registered in {@code META-INF/services/org.virtugrid.jobs.api.Job}.
     *
     * <p>A job that cannot be loaded, and one whose name is taken, is left out and told of in {@link #problems}: one
     * broken jar takes away no other job.
     */
    public JobCatalogue(ClassLoader loader) {
        @SuppressWarnings("rawtypes")
        Iterator<ServiceLoader.Provider<Job>> providers =
                ServiceLoader.load(Job.class, loader).stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                register(providers.next().get());
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Exception | Error e) {
                // Whatever a user's class does when it is loaded and made
                problems.add(
                        e.getCause() == null
                                ? InvalidJobException.inWords(e)
                                : InvalidJobException.inWords(e) + ", caused by "
                                        + InvalidJobException.inWords(e.getCause()));
            }
        }
    }

    private void register(Job<?> job) {
        if (job.name() == null || !NAME.matcher(job.name()).matches()) {
            problems.add(job.getClass().getName() + ": its name is not made of lower-case words joined by hyphens");
            return;
        }
        Class<?> known = jobs.putIfAbsent(job.name(), job.getClass());
        if (known != null) {
            problems.add(job.getClass().getName() + ": the name '" + job.name() + "' is taken by " + known.getName());
        }
    }

    /** The names of all jobs, sorted. */
    public List<String> names() {
        return List.copyOf(jobs.keySet());
    }

    /** Why registered jobs are missing, a sentence each; empty when all is well. */
    public List<String> problems() {
        return Collections.unmodifiableList(problems);
    }

    /**
     * A new instance of the job of that name.
     *
     * @throws InvalidJobException with field {@code operation} when there is none, or when its constructor fails
     */
    public Job<?> create(String operation) throws InvalidJobException {
        Class<?> type = jobs.get(operation);
        if (type == null) {
            throw new InvalidJobException(
                    "operation", "'" + operation + "' is not known", "use one of " + String.join(", ", jobs.keySet()));
        }
        try {
            return (Job<?>) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new InvalidJobException(
                    "operation",
                    "a " + type.getName() + " cannot be made: " + InvalidJobException.inWords(cause),
                    "mend the job, put its jar again");
        }
    }
}
