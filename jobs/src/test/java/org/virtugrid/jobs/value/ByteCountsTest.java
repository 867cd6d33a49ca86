package org.virtugrid.jobs.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

class ByteCountsTest {
    private static String text(Random random, int words, int different) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            int word = (int) (different * random.nextDouble() * random.nextDouble());
            text.append(word % 3 == 0 ? "a-long-word-number-" : "").append(Integer.toString(word, 36));
            text.append(random.nextInt(4) == 0 ? "\n\t" : " ");
        }
        return text.toString();
    }

    private static void count(String text, Map<String, Long> into) {
        new Scanner(text).tokens().forEach(word -> into.merge(word, 1L, Long::sum));
    }

    private static ByteCounts counts(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteCounts counts = new ByteCounts();
        counts.addWords(bytes, 0, bytes.length);
        return counts;
    }

    private static ByteCounts sent(ByteCounts counts) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(counts);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (ByteCounts) in.readObject();
        }
    }

    private static Map<String, Long> map(ByteCounts counts) {
        Map<String, Long> map = new HashMap<>();
        for (int entry = 0; entry < counts.size(); entry++) {
            assertThat(map.put(new String(counts.bytes(entry), StandardCharsets.US_ASCII), counts.count(entry)))
                    .isNull();
        }
        return map;
    }

    @Test
    void partsThatTravelledAddUpToTheWhole() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Map<String, Long> expected = new HashMap<>();
            ByteCounts total = null;
            for (int part = 0; part < 4; part++) {
                String text = text(random, 1 + random.nextInt(5_000), 1 + random.nextInt(3_000));
                count(text, expected);
                ByteCounts came = sent(counts(text));
                total = total == null ? came : ByteCounts.join(total, came);
                // As between two rounds of a job, where a partial is sent on as it came
                total = random.nextBoolean() ? sent(total) : total;
            }
            assertThat(map(total)).isEqualTo(expected);
            assertThat(total.total())
                    .isEqualTo(expected.values().stream().mapToLong(n -> n).sum());
        }
    }

    @Test
    void theTopAreTheMostFrequentAndTiesGoByBytes() {
        Random random = new Random(1);
        String text = text(random, 4_000, 900);
        Map<String, Long> expected = new HashMap<>();
        count(text, expected);
        List<String> order = new ArrayList<>(expected.keySet());
        order.sort(Comparator.comparing((String word) -> -expected.get(word)).thenComparing(Comparator.naturalOrder()));
        ByteCounts counts = counts(text);
        for (int limit : new int[] {1, 2, 20, 500, expected.size(), expected.size() + 5}) {
            List<String> top = new ArrayList<>();
            for (int entry : counts.top(limit)) {
                top.add(counts.text(entry).replace("\"", ""));
            }
            assertThat(top).isEqualTo(order.subList(0, Math.min(limit, order.size())));
        }
    }

    @Test
    void anEmptyTableTravels() throws Exception {
        ByteCounts empty = sent(new ByteCounts());
        assertThat(empty.size()).isZero();
        assertThat(empty.top(3)).isEmpty();
        ByteCounts some = counts("a b a");
        assertThat(map(ByteCounts.join(empty, some))).isEqualTo(Map.of("a", 2L, "b", 1L));
    }
}
