package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.binary.BinaryRawReader;
import org.apache.ignite.binary.BinaryRawWriter;
import org.apache.ignite.binary.BinaryReader;
import org.apache.ignite.binary.BinaryWriter;
import org.apache.ignite.binary.Binarylizable;

/**
 * A task as it is stored. Immutable towards its readers; a plain class because Ignite cannot store Java records. Changed
 * only by {@code TaskTransitions}. It writes itself field by field, as it is read and written several times in the life of a
 * small task, and finding fields by name costs more than the rest of that.
 */
public final class TaskRecord implements Binarylizable, Serializable {
    private static final long serialVersionUID = 1L;
    private static final byte FORMAT = 2;

    String id;
    String type;
    String operation;
    Map<String, String> parameters;
    String dataset;
    String inputJson;
    String saveAs;
    TaskState state;
    int attempt;
    UUID ownerNode;
    List<String> vmIds;
    long createdAtMillis;
    long startedAtMillis;
    long finishedAtMillis;
    long notBeforeMillis;
    boolean cancelRequested;
    String resultJson;
    String error;
    List<Step> history;
    String publishing;

    TaskRecord() {}

    @Override
    public void writeBinary(BinaryWriter writer) {
        BinaryRawWriter out = writer.rawWriter();
        out.writeByte(FORMAT);
        out.writeString(id);
        out.writeString(type);
        out.writeString(operation);
        out.writeInt(parameters.size());
        parameters.forEach((name, value) -> {
            out.writeString(name);
            out.writeString(value);
        });
        out.writeString(dataset);
        out.writeString(inputJson);
        out.writeString(saveAs);
        out.writeString(state.name());
        out.writeInt(attempt);
        out.writeUuid(ownerNode);
        out.writeInt(vmIds.size());
        vmIds.forEach(out::writeString);
        out.writeLong(createdAtMillis);
        out.writeLong(startedAtMillis);
        out.writeLong(finishedAtMillis);
        out.writeLong(notBeforeMillis);
        out.writeBoolean(cancelRequested);
        out.writeString(resultJson);
        out.writeString(error);
        out.writeInt(history.size());
        for (Step step : history) {
            out.writeLong(step.timeMillis);
            out.writeString(step.event);
            out.writeString(step.vmId);
            out.writeString(step.detail);
        }
        out.writeString(publishing);
    }

    @Override
    public void readBinary(BinaryReader reader) {
        BinaryRawReader in = reader.rawReader();
        byte format = in.readByte();
        if (format < 1 || format > FORMAT) {
            throw new BinaryObjectException("a task of format " + format + " cannot be read, only up to " + FORMAT);
        }
        id = in.readString();
        type = in.readString();
        operation = in.readString();
        parameters = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            parameters.put(in.readString(), in.readString());
        }
        dataset = in.readString();
        inputJson = in.readString();
        saveAs = in.readString();
        state = TaskState.valueOf(in.readString());
        attempt = in.readInt();
        ownerNode = in.readUuid();
        vmIds = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            vmIds.add(in.readString());
        }
        createdAtMillis = in.readLong();
        startedAtMillis = in.readLong();
        finishedAtMillis = in.readLong();
        notBeforeMillis = in.readLong();
        cancelRequested = in.readBoolean();
        resultJson = in.readString();
        error = in.readString();
        history = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            history.add(new Step(in.readLong(), in.readString(), in.readString(), in.readString()));
        }
        publishing = format > 1 ? in.readString() : null;
    }

    /** One step in the life of a task. */
    public static final class Step implements Serializable {
        private static final long serialVersionUID = 1L;

        private final long timeMillis;
        private final String event;
        private final String vmId;
        private final String detail;

        Step(long timeMillis, String event, String vmId, String detail) {
            this.timeMillis = timeMillis;
            this.event = event;
            this.vmId = vmId;
            this.detail = detail;
        }

        /** When it happened. */
        public Instant time() {
            return Instant.ofEpochMilli(timeMillis);
        }

        /** What happened: QUEUED, STARTED, RECLAIMED, POSTPONED, CANCEL_REQUESTED, SUCCEEDED, FAILED, CANCELLED, RETRIED. */
        public String event() {
            return event;
        }

        /** The VM it happened on, or null. */
        public String vmId() {
            return vmId;
        }

        /** One sentence more, or null. */
        public String detail() {
            return detail;
        }
    }

    /** As it is listed: without its input, and without its result where that has more characters. */
    TaskRecord listed(int longestResult) {
        boolean isShort = resultJson == null || resultJson.length() <= longestResult;
        if (inputJson == null && isShort) {
            return this;
        }
        TaskRecord listed = TaskTransitions.copy(this);
        listed.inputJson = null;
        listed.resultJson = isShort ? resultJson : null;
        return listed;
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** process or check. */
    public String type() {
        return type;
    }

    /** The job's name. */
    public String operation() {
        return operation;
    }

    /** Parameters of the operation. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The input dataset, or null. */
    public String dataset() {
        return dataset;
    }

    /** The inline input, or null. */
    public String inputJson() {
        return inputJson;
    }

    /** The output dataset, or null. */
    public String saveAs() {
        return saveAs;
    }

    /** Where it is in its life. */
    public TaskState state() {
        return state;
    }

    /** Number of the current or last attempt, 0 before the first. */
    public int attempt() {
        return attempt;
    }

    /** The node that leads the current attempt, or null. */
    public UUID ownerNode() {
        return ownerNode;
    }

    /** VMs that led its attempts, in order. */
    public List<String> vmIds() {
        return vmIds;
    }

    /** When it was accepted. */
    public Instant createdAt() {
        return Instant.ofEpochMilli(createdAtMillis);
    }

    /** When its current attempt began, or null. */
    public Instant startedAt() {
        return startedAtMillis == 0 ? null : Instant.ofEpochMilli(startedAtMillis);
    }

    /** When it ended, or null. */
    public Instant finishedAt() {
        return finishedAtMillis == 0 ? null : Instant.ofEpochMilli(finishedAtMillis);
    }

    /** Whether a user asked it to stop. */
    public boolean cancelRequested() {
        return cancelRequested;
    }

    /** Its result as JSON, or null; never before its output can be read. */
    public String resultJson() {
        return publishing == null ? resultJson : null;
    }

    /** Why it failed, or null. */
    public String error() {
        return error;
    }

    /** The dataset that is whole and only needs to be published, whereupon the task has succeeded; else null. */
    String publishing() {
        return publishing;
    }

    /** What happened to it, oldest first. */
    public List<Step> history() {
        return history;
    }
}
