package org.virtugrid.jobs.value;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.PriorityQueue;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobContext;

/**
 * How often each of many byte strings occurred: an open-addressing hash table over bytes that lie end to end in one
 * array, so that counting makes no objects. It travels as two arrays. Not safe for use by several threads.
 *
 * <p>Each entry is three longs: the string's first eight bytes, where it lies, its count. Strings of up to eight bytes,
 * most words, are compared by the first long and the length alone.
 */
public final class ByteCounts implements Externalizable {
    private static final long serialVersionUID = 1L;

    private static final int ENTRY = 3;
    private static final int PLACE = 1;
    private static final int COUNT = 2;
    private static final int FIRST_SLOTS_LOG = 10;
    private static final long LENGTH_MASK = 0xffffffffL;
    private static final int MAX_ARENA = 1 << 30;

    /**
     * A free slot is 0, a taken one has the hash's upper half above the entry's number plus one. Null in a table that was
     * just read: most of those are only added to another one, for which nothing is looked up in them.
     */
    private long[] slots;

    private int slotShift;
    private long[] entries;
    private int size;
    private byte[] arena;
    private int arenaUsed;

    /** No strings yet. */
    public ByteCounts() {
        this(FIRST_SLOTS_LOG);
    }

    private ByteCounts(int slotsLog) {
        makeSlots(slotsLog);
        entries = new long[ENTRY << (slotsLog - 1)];
        arena = new byte[8 << slotsLog];
    }

    private void makeSlots(int slotsLog) {
        slots = new long[1 << slotsLog];
        slotShift = Integer.SIZE - slotsLog;
    }

    /** How many different strings there are. */
    public int size() {
        return size;
    }

    /** The sum of all counts. */
    public long total() {
        long total = 0;
        for (int entry = 0; entry < size; entry++) {
            total += count(entry);
        }
        return total;
    }

    /** How many bytes of heap this takes. */
    public long bytes() {
        return (long) Long.BYTES * ((slots == null ? 0 : slots.length) + entries.length) + arena.length;
    }

    /** Refuses a table that outgrew what a partial result may take. */
    public void checkSize(JobContext context, String operation) throws InvalidJobException {
        if (bytes() > context.partialBytesLimit() || arenaUsed > MAX_ARENA) {
            throw InvalidJobException.tooLarge(context, operation);
        }
    }

    /** Adds to the count of the string {@code array[offset .. offset+length)}. */
    public void add(byte[] array, int offset, int length, long count) {
        if (slots == null) {
            index();
        }
        addHashed(array, offset, length, ByteKeys.prefix(array, offset, length), count);
    }

    /** Adds all of another table. */
    public void addAll(ByteCounts other) {
        if (slots == null) {
            index();
        }
        for (int at = 0; at < other.size * ENTRY; at += ENTRY) {
            long place = other.entries[at + PLACE];
            addHashed(
                    other.arena,
                    (int) (place >>> 32),
                    (int) (place & LENGTH_MASK),
                    other.entries[at],
                    other.entries[at + COUNT]);
        }
    }

    /** The union of two tables; changes and returns the larger, or the one that is ready to be looked up in. */
    public static ByteCounts join(ByteCounts left, ByteCounts right) {
        boolean sameKind = (left.slots == null) == (right.slots == null);
        ByteCounts target = (sameKind ? left.size >= right.size : left.slots != null) ? left : right;
        target.addAll(target == left ? right : left);
        return target;
    }

    /** Counts every word in {@code array[start .. end)}; words are what white space separates. */
    public void addWords(byte[] array, int start, int end) {
        if (slots == null) {
            index();
        }
        int at = start;
        int lastEight = end - Long.BYTES;
        while (at <= lastEight) {
            long eight = ByteKeys.eight(array, at);
            long space = WhiteSpace.in(eight);
            int length = Long.numberOfTrailingZeros(space) >>> 3;
            if (length < Long.BYTES) {
                if (length > 0) {
                    long prefix = eight & ((1L << (length << 3)) - 1);
                    addShort(array, at, length, prefix);
                }
                at += length + 1;
            } else {
                int wordEnd = WhiteSpace.next(array, at + Long.BYTES, end);
                addHashed(array, at, wordEnd - at, eight, 1);
                at = wordEnd + 1;
            }
        }
        addLastWords(array, at, end);
    }

    private void addLastWords(byte[] array, int start, int end) {
        int at = start;
        while (at < end) {
            int wordEnd = WhiteSpace.next(array, at, end);
            if (wordEnd > at) {
                add(array, at, wordEnd - at, 1);
            }
            at = wordEnd + 1;
        }
    }

    private void addShort(byte[] array, int offset, int length, long prefix) {
        int hash = ByteKeys.shortHash(prefix);
        int mask = slots.length - 1;
        for (int slot = hash >>> slotShift; ; slot = (slot + 1) & mask) {
            long found = slots[slot];
            if (found == 0) {
                insert(slot, hash, array, offset, length, prefix, 1);
                return;
            }
            if ((int) (found >>> 32) == hash) {
                int at = ((int) found - 1) * ENTRY;
                if (entries[at] == prefix && (int) entries[at + PLACE] == length) {
                    entries[at + COUNT]++;
                    return;
                }
            }
        }
    }

    private void addHashed(byte[] array, int offset, int length, long prefix, long count) {
        int hash = ByteKeys.hash(array, offset, length, prefix);
        int mask = slots.length - 1;
        for (int slot = hash >>> slotShift; ; slot = (slot + 1) & mask) {
            long found = slots[slot];
            if (found == 0) {
                insert(slot, hash, array, offset, length, prefix, count);
                return;
            }
            if ((int) (found >>> 32) == hash) {
                int at = ((int) found - 1) * ENTRY;
                if (entries[at] == prefix && isAt(entries[at + PLACE], array, offset, length)) {
                    entries[at + COUNT] += count;
                    return;
                }
            }
        }
    }

    private boolean isAt(long place, byte[] array, int offset, int length) {
        if ((int) place != length) {
            return false;
        }
        if (length <= Long.BYTES) {
            return true;
        }
        int own = (int) (place >>> 32);
        int last = length - Long.BYTES;
        for (int at = Long.BYTES; at < last; at += Long.BYTES) {
            if (ByteKeys.eight(arena, own + at) != ByteKeys.eight(array, offset + at)) {
                return false;
            }
        }
        return ByteKeys.eight(arena, own + last) == ByteKeys.eight(array, offset + last);
    }

    private void insert(int slot, int hash, byte[] array, int offset, int length, long prefix, long count) {
        if (length > arena.length - arenaUsed) {
            long wanted = Math.max(arena.length * 3L / 2, (long) arenaUsed + length);
            arena = Arrays.copyOf(arena, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
        System.arraycopy(array, offset, arena, arenaUsed, length);
        int at = size * ENTRY;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, entries.length + (entries.length >> 1) / ENTRY * ENTRY);
        }
        entries[at] = prefix;
        entries[at + PLACE] = (long) arenaUsed << 32 | length;
        entries[at + COUNT] = count;
        arenaUsed += length;
        size++;
        slots[slot] = (long) hash << 32 | size;
        if (size > slots.length >>> 1) {
            growSlots();
        }
    }

    private void index() {
        makeSlots(Math.max(FIRST_SLOTS_LOG, Integer.SIZE - Integer.numberOfLeadingZeros(size) + 1));
        int mask = slots.length - 1;
        for (int entry = 0; entry < size; entry++) {
            long place = entries[entry * ENTRY + PLACE];
            int hash = ByteKeys.hash(arena, (int) (place >>> 32), (int) place, entries[entry * ENTRY]);
            int slot = hash >>> slotShift;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (long) hash << 32 | (entry + 1);
        }
    }

    private void growSlots() {
        long[] old = slots;
        makeSlots(Integer.SIZE - slotShift + 1);
        int mask = slots.length - 1;
        for (long taken : old) {
            if (taken != 0) {
                int slot = (int) (taken >>> 32) >>> slotShift;
                while (slots[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                slots[slot] = taken;
            }
        }
    }

    /** The count of an entry, 0 to {@link #size}, exclusive. */
    public long count(int entry) {
        return entries[entry * ENTRY + COUNT];
    }

    /** A copy of an entry's string. */
    public byte[] bytes(int entry) {
        long place = entries[entry * ENTRY + PLACE];
        int offset = (int) (place >>> 32);
        return Arrays.copyOfRange(arena, offset, offset + (int) place);
    }

    /** The JSON form of an entry's string. */
    public String text(int entry) {
        return ByteText.of(bytes(entry));
    }

    /** The entries with the highest counts, highest first; ties by unsigned byte order, ascending. */
    public int[] top(int limit) {
        PriorityQueue<Integer> worstFirst =
                new PriorityQueue<>(Math.min(limit, Math.max(1, size)), (a, b) -> compare(b, a));
        long least = 0;
        for (int entry = 0; entry < size; entry++) {
            boolean room = worstFirst.size() < limit;
            if (!room && (count(entry) < least || compare(entry, worstFirst.element()) > 0)) {
                continue;
            }
            if (!room) {
                worstFirst.remove();
            }
            worstFirst.add(entry);
            least = count(worstFirst.element());
        }
        Deque<Integer> bestFirst = new ArrayDeque<>();
        while (!worstFirst.isEmpty()) {
            bestFirst.addFirst(worstFirst.remove());
        }
        return bestFirst.stream().mapToInt(Integer::intValue).toArray();
    }

    private int compare(int a, int b) {
        int byCount = Long.compare(count(b), count(a));
        if (byCount != 0) {
            return byCount;
        }
        long placeA = entries[a * ENTRY + PLACE];
        long placeB = entries[b * ENTRY + PLACE];
        int offsetA = (int) (placeA >>> 32);
        int offsetB = (int) (placeB >>> 32);
        return Arrays.compareUnsigned(arena, offsetA, offsetA + (int) placeA, arena, offsetB, offsetB + (int) placeB);
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
        PackedNumbers numbers = new PackedNumbers(2 * size);
        byte[] strings = new byte[arenaUsed];
        int used = 0;
        for (int entry : byHash()) {
            long place = entries[entry * ENTRY + PLACE];
            int length = (int) place;
            numbers.add(length);
            numbers.add(count(entry));
            System.arraycopy(arena, (int) (place >>> 32), strings, used, length);
            used += length;
        }
        out.writeInt(size);
        numbers.writeTo(out);
        out.writeInt(used);
        out.write(strings, 0, used);
    }

    /** The entries in the order of their hashes, in which tables that are read are joined without jumping about in memory. */
    private int[] byHash() {
        int[] order = new int[size];
        int next = 0;
        if (slots == null) {
            for (; next < size; next++) {
                order[next] = next;
            }
        } else {
            for (long taken : slots) {
                if (taken != 0) {
                    order[next++] = (int) taken - 1;
                }
            }
        }
        return order;
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException {
        size = in.readInt();
        PackedNumbers numbers = PackedNumbers.readFrom(in);
        arenaUsed = in.readInt();
        // What is read eight bytes at a time may reach beyond the last string
        arena = new byte[arenaUsed + Long.BYTES];
        in.readFully(arena, 0, arenaUsed);
        slots = null;
        entries = new long[(size + 1) * ENTRY];
        long offset = 0;
        for (int at = 0; at < size * ENTRY; at += ENTRY) {
            int length = (int) numbers.next();
            entries[at] = ByteKeys.prefix(arena, (int) offset, length);
            entries[at + PLACE] = offset << 32 | length;
            entries[at + COUNT] = numbers.next();
            offset += length;
        }
    }
}
