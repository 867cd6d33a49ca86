package org.virtugrid.control.rest.ignite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.ignite.Ignite;
import org.apache.ignite.cache.query.FieldsQueryCursor;
import org.apache.ignite.cache.query.SqlFieldsQuery;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.cache.query.QueryCursorEx;
import org.apache.ignite.internal.processors.query.GridQueryFieldMetadata;
import org.apache.ignite.internal.processors.query.GridQueryProcessor;
import org.virtugrid.grid.fault.GridException;

/**
 * SQL through Ignite's own query engine, answered in the shape of its REST, which itself cannot speak to the Calcite
 * engine. Cursors that nobody fetches from are closed.
 */
final class SqlQueries implements AutoCloseable {
    /** Our cursors are numbered from here; smaller numbers are Ignite's own. */
    static final long FIRST_ID = 1_000_000_000_000L;

    static final Duration IDLE = Duration.ofMinutes(5);

    private static final int MOST_OPEN = 64;
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Pattern TYPE = Pattern.compile("[A-Za-z_][A-Za-z0-9_$.]{0,127}");

    /** Statements about users and about other sessions' work. */
    private static final Pattern REFUSED =
            Pattern.compile("(?is)^(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/|;)*(?:(?:create|alter|drop)\\s+user|kill)\\b.*");

    private static final Pattern CACHE_NAME = Pattern.compile("(?i)\\bcache_name\\s*=\\s*([^\\s,\"]+)");

    private final Supplier<Ignite> ignite;
    private final Map<Long, Open> cursors = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong(FIRST_ID);
    private final ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "idle-queries");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> idleCheck;

    SqlQueries(Supplier<Ignite> ignite) {
        this.ignite = ignite;
        idleCheck = upkeep.scheduleWithFixedDelay(this::closeIdle, 1, 1, TimeUnit.MINUTES);
    }

    /** A page of rows; {@code queryId} fetches the next unless this is the last. */
    record Page(List<Map<String, String>> fieldsMetadata, List<?> items, boolean last, long queryId) {}

    /** Runs {@code qry} with {@code arg1}, {@code arg2}, …, in the schema of {@code cacheName} if there is one. */
    Page fields(Map<String, String> params) {
        return open(required(params, "qry"), params, false);
    }

    /** Runs {@code qry}, the part after WHERE, over all entries of {@code type} in {@code cacheName}. */
    Page entries(Map<String, String> params) {
        required(params, "cacheName");
        String type = required(params, "type");
        if (!TYPE.matcher(type).matches()) {
            throw GridException.invalid("type", "'" + type + "' is not the name of a type", "name a value type");
        }
        String table = type.substring(type.lastIndexOf('.') + 1);
        String condition = params.getOrDefault("qry", "").strip();
        if (condition.regionMatches(true, 0, "where ", 0, 6)) {
            condition = condition.substring(6);
        }
        String sql = "SELECT _KEY, _VAL FROM " + table + (condition.isEmpty() ? "" : " WHERE " + condition);
        return open(sql, params, true);
    }

    /** The next page of a query of ours. */
    Page fetch(long id, Map<String, String> params) {
        Open open = cursors.get(id);
        if (open == null) {
            throw GridException.notFound("query", Long.toString(id), "run it again; idle queries are closed");
        }
        return page(id, open, IgniteParams.pageSize(params));
    }

    /** Closes a query of ours; one that is closed already stays so. */
    void close(long id) {
        Open open = cursors.remove(id);
        if (open != null) {
            open.cursor.close();
        }
    }

    /** Closes what nobody fetched from for a while. */
    void closeIdle() {
        long now = System.nanoTime();
        cursors.forEach((id, open) -> {
            if (now - open.lastUsedNanos > IDLE.toNanos()) {
                close(id);
            }
        });
    }

    @Override
    public void close() {
        idleCheck.cancel(false);
        upkeep.shutdown();
        cursors.keySet().forEach(this::close);
    }

    private Page open(String sql, Map<String, String> params, boolean pairs) {
        if (REFUSED.matcher(sql).matches()) {
            throw GridException.refused(
                    "users and other sessions are not managed by SQL here",
                    "the password lies in secrets/ignite-password in the home");
        }
        CACHE_NAME.matcher(sql).results().map(match -> match.group(1)).forEach(IgniteCommands::requireOfUser);
        if (cursors.size() >= MOST_OPEN) {
            throw GridException.unavailable(
                    "there are " + MOST_OPEN + " open queries", "fetch them to the end or close them with qrycls");
        }
        int pageSize = IgniteParams.pageSize(params);
        SqlFieldsQuery query = new SqlFieldsQuery(sql)
                .setPageSize(pageSize)
                .setTimeout((int) DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        FieldsQueryCursor<List<?>> cursor = run(query, params);
        long id = ids.getAndIncrement();
        Open open = new Open(cursor, pairs);
        cursors.put(id, open);
        return page(id, open, pageSize);
    }

    private FieldsQueryCursor<List<?>> run(SqlFieldsQuery query, Map<String, String> params) {
        // Ignite's public way wants a cache even for a query that names none
        GridQueryProcessor engine = ((IgniteEx) ignite.get()).context().query();
        String cacheName = params.getOrDefault("cacheName", "");
        if (!cacheName.isEmpty()) {
            if (ignite.get().cache(cacheName) == null) {
                throw GridException.notFound("cache", cacheName, "create it with cmd=getorcreate or CREATE TABLE");
            }
            query.setSchema(engine.schemaManager().schemaName(cacheName));
        }
        query.setArgs(SqlArguments.of(params, query, ignite.get()));
        return engine.querySqlFields(query, true);
    }

    private Page page(long id, Open open, int size) {
        boolean finished = false;
        try {
            synchronized (open) {
                open.lastUsedNanos = System.nanoTime();
                List<Object> items = new ArrayList<>();
                while (items.size() < size && open.rows.hasNext()) {
                    items.add(open.item(open.rows.next()));
                }
                boolean last = !open.rows.hasNext();
                finished = last;
                return new Page(open.metadata, items, last, id);
            }
        } catch (RuntimeException e) {
            finished = true;
            throw e;
        } finally {
            if (finished) {
                close(id);
            }
        }
    }

    private static String required(Map<String, String> params, String name) {
        String value = params.getOrDefault(name, "");
        if (value.isBlank()) {
            throw GridException.invalid(name, name + " is missing", "give it as a parameter");
        }
        return value;
    }

    /** A query with rows left. */
    private static final class Open {
        private final FieldsQueryCursor<List<?>> cursor;
        private final Iterator<List<?>> rows;
        private final boolean pairs;
        private final List<Map<String, String>> metadata;
        private volatile long lastUsedNanos = System.nanoTime();

        Open(FieldsQueryCursor<List<?>> cursor, boolean pairs) {
            this.cursor = cursor;
            this.pairs = pairs;
            this.metadata = pairs ? List.of() : metadata(cursor);
            this.rows = cursor.iterator();
        }

        private Object item(List<?> row) {
            if (pairs) {
                Map<String, Object> entry = new TreeMap<>();
                entry.put("key", IgniteValues.toJson(row.get(0)));
                entry.put("value", IgniteValues.toJson(row.get(1)));
                return entry;
            }
            return row.stream().map(IgniteValues::toJson).collect(ArrayList::new, List::add, List::addAll);
        }

        private static List<Map<String, String>> metadata(FieldsQueryCursor<List<?>> cursor) {
            if (!(cursor instanceof QueryCursorEx<?> described)) {
                return List.of();
            }
            List<GridQueryFieldMetadata> fields = described.fieldsMeta();
            if (fields == null) {
                return List.of();
            }
            return fields.stream().map(Open::field).toList();
        }

        private static Map<String, String> field(GridQueryFieldMetadata field) {
            Map<String, String> description = new TreeMap<>();
            description.put("schemaName", field.schemaName());
            description.put("typeName", field.typeName());
            description.put("fieldName", field.fieldName());
            description.put("fieldTypeName", field.fieldTypeName());
            return description;
        }
    }

    /** One sentence of what an engine's exception says. */
    static String message(RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        return e.getMessage() == null || cause == e
                ? String.valueOf(e.getMessage())
                : e.getMessage() + ": " + cause.getMessage();
    }
}
