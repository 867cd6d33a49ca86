package org.virtugrid.control.rest.ignite;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cache.query.SqlFieldsQuery;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.odbc.jdbc.JdbcParameterMeta;
import org.virtugrid.grid.fault.GridException;

/**
 * Arguments of a query. In a URL everything is text, and the Calcite engine takes an argument's own type for the truth;
 * so each becomes what its place in the statement wants.
 */
final class SqlArguments {
    private static final int MOST = 1000;

    private static final Map<String, Function<String, Object>> CONVERSIONS = Map.ofEntries(
            Map.entry(Byte.class.getName(), Byte::valueOf),
            Map.entry(Short.class.getName(), Short::valueOf),
            Map.entry(Integer.class.getName(), Integer::valueOf),
            Map.entry(Long.class.getName(), Long::valueOf),
            Map.entry(Float.class.getName(), Float::valueOf),
            Map.entry(Double.class.getName(), Double::valueOf),
            Map.entry(BigDecimal.class.getName(), BigDecimal::new),
            Map.entry(Boolean.class.getName(), Boolean::valueOf),
            Map.entry(UUID.class.getName(), UUID::fromString),
            Map.entry(Date.class.getName(), Date::valueOf),
            Map.entry(Time.class.getName(), Time::valueOf),
            Map.entry(Timestamp.class.getName(), Timestamp::valueOf),
            Map.entry(LocalDate.class.getName(), LocalDate::parse),
            Map.entry(LocalTime.class.getName(), LocalTime::parse),
            Map.entry(LocalDateTime.class.getName(), LocalDateTime::parse));

    private SqlArguments() {}

    /** {@code arg1}, {@code arg2}, … as the query wants them. */
    static Object[] of(Map<String, String> params, SqlFieldsQuery query, Ignite ignite) {
        List<Object> arguments = new ArrayList<>();
        List<String> types = params.containsKey("arg1") ? types(query, ignite) : List.of();
        for (int i = 0; params.containsKey("arg" + (i + 1)); i++) {
            if (i == MOST) {
                throw GridException.invalid("arg1", "there are more than " + MOST + " arguments", "give fewer");
            }
            String name = "arg" + (i + 1);
            arguments.add(converted(name, params.get(name), i < types.size() ? types.get(i) : ""));
        }
        return arguments.toArray();
    }

    private static Object converted(String name, String text, String type) {
        try {
            return CONVERSIONS.getOrDefault(type, value -> value).apply(text);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw GridException.invalid(
                    name,
                    name + " is not a value of type " + type.substring(type.lastIndexOf('.') + 1),
                    "give one, or cast the parameter in the query");
        }
    }

    private static List<String> types(SqlFieldsQuery query, Ignite ignite) {
        try {
            return ((IgniteEx) ignite)
                    .context().query().parameterMetaData(query, null).stream()
                            .map(JdbcParameterMeta::typeClass)
                            .toList();
        } catch (IgniteException e) {
            return List.of(); // running the query tells what is wrong with it
        }
    }
}
