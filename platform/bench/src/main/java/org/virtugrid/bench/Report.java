package org.virtugrid.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;

/** All figures of a run. */
final class Report {
    static final String PRODUCT = "virtugrid";
    static final String BARE = "bare-ignite";

    private final Map<Work, Map<String, List<Double>>> figures = new EnumMap<>(Work.class);
    private final Map<Work, Map<String, List<Double>>> cpu = new EnumMap<>(Work.class);

    void addCpu(Work work, String system, double seconds) {
        cpu.computeIfAbsent(work, any -> new LinkedHashMap<>())
                .computeIfAbsent(system, any -> new ArrayList<>())
                .add(seconds);
    }

    void add(Work work, String system, double figure) {
        figures.computeIfAbsent(work, any -> new LinkedHashMap<>())
                .computeIfAbsent(system, any -> new ArrayList<>())
                .add(figure);
    }

    OptionalDouble median(Work work, String system) {
        List<Double> some = figures.getOrDefault(work, Map.of()).getOrDefault(system, List.of());
        return some.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(median(some));
    }

    private static double median(List<Double> some) {
        double[] sorted =
                some.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private List<Map<String, Object>> rows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        figures.forEach((work, systems) -> systems.forEach((system, some) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("work", work.label());
            row.put("system", system);
            row.put("median", rounded(median(some)));
            row.put("min", rounded(some.stream().min(Double::compare).orElseThrow()));
            row.put("max", rounded(some.stream().max(Double::compare).orElseThrow()));
            row.put("unit", work.unit());
            OptionalDouble bare = median(work, BARE);
            boolean comparable = bare.isPresent() && (system.equals(PRODUCT) || system.equals(BARE));
            row.put("ratioToBareIgnite", comparable ? rounded(work.ratio(median(some), bare.getAsDouble())) : null);
            List<Double> spent = cpu.getOrDefault(work, Map.of()).getOrDefault(system, List.of());
            row.put("cpuSeconds", spent.isEmpty() ? null : rounded(median(spent)));
            rows.add(row);
        }));
        return rows;
    }

    /** Three decimals for small figures, none for large ones. */
    private static Number rounded(double figure) {
        if (figure >= 1000) {
            return Math.round(figure);
        }
        return Math.round(figure * 1000) / 1000.0;
    }

    String json() {
        return JsonMapper.builder().build().writeValueAsString(rows());
    }

    String table() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("work", "system", "median", "min", "max", "unit", "ratioToBareIgnite", "cpuSeconds"));
        for (Map<String, Object> row : rows()) {
            lines.add(row.values().stream().map(Report::cell).toList());
        }
        int[] widths = new int[lines.get(0).size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                boolean number = i >= 2 && i != 5;
                text.append(String.format(Locale.ROOT, (number ? "%" : "%-") + widths[i] + "s  ", line.get(i)));
            }
            text.append('\n');
        }
        return String.join(
                "\n",
                Arrays.stream(text.toString().split("\n", -1))
                        .map(String::stripTrailing)
                        .toList());
    }

    private static String cell(Object value) {
        if (value == null) {
            return "-";
        }
        return value instanceof Double number ? String.format(Locale.ROOT, "%.2f", number) : value.toString();
    }
}
