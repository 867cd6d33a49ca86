package org.virtugrid.grid.dataset;

import org.virtugrid.grid.topology.SlotAffinity;

/**
 * One line of a chunk table.
 *
 * @param key the chunk's key in the dataset's cache, which names its partition
 * @param size the chunk's share of the dataset's bytes; what the stored value holds beyond is the rest of its last line
 * @param skip how many of its first bytes belong to a line that began in an earlier chunk
 * @param crc CRC-32C of the whole stored value
 * @param kind what the stored value is
 */
public record ChunkRow(long key, int size, int skip, int crc, Kind kind) {

    /** What a stored value is. */
    public enum Kind {
        /** Bytes of the dataset, then the rest of the last line. */
        DATA(0),
        /** Bytes of the dataset; the rest of the last line is too long and lies in the chunks that follow. */
        DATA_OPEN(1),
        /** For strategy key: one byte a line, the partition it went to; ends a window of data chunks. */
        ORDER(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** What stands for it in stored tables; never given to another kind. */
        byte code() {
            return (byte) code;
        }

        /** The kind with this code. */
        static Kind of(byte code) {
            return switch (code) {
                case 0 -> DATA;
                case 1 -> DATA_OPEN;
                case 2 -> ORDER;
                default -> throw new IllegalArgumentException("no chunk kind has code " + code);
            };
        }
    }

    /** The partition the chunk lies in. */
    public int partition() {
        return SlotAffinity.slot(key);
    }
}
