package org.virtugrid.grid.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.CachingDateFormatter;

/**
 * What a node logs, and how: lines on standard output, as control's {@code logback.xml} has them. Logback finds it by itself,
 * before any file: reading a file of settings and a pattern takes an emulated guest more than a second of its start.
 */
public final class NodeLogging extends ContextAwareBase implements Configurator {
    /** Made by Logback. */
    public NodeLogging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Lines lines = new Lines();
        lines.setContext(context);
        lines.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(lines);
        ConsoleAppender<ILoggingEvent> out = new ConsoleAppender<>();
        out.setContext(context);
        out.setName("out");
        out.setEncoder(encoder);
        out.start();
        context.getLogger("ROOT").setLevel(Level.INFO);
        context.getLogger("ROOT").addAppender(out);
        // Ignite tells a page of its configuration at each start
        context.getLogger("org.apache.ignite").setLevel(Level.WARN);
        // Complains of each view where management beans are off
        context.getLogger("org.apache.ignite.internal.managers.systemview.JmxSystemViewExporterSpi")
                .setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static final class Lines extends LayoutBase<ILoggingEvent> {
        private static final int NAME_LENGTH = 24;
        private final CachingDateFormatter times = new CachingDateFormatter("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        private final TargetLengthBasedClassNameAbbreviator names =
                new TargetLengthBasedClassNameAbbreviator(NAME_LENGTH);

        @Override
        public String doLayout(ILoggingEvent event) {
            String level = event.getLevel().toString();
            StringBuilder line = new StringBuilder(160)
                    .append(times.format(event.getTimeStamp()))
                    .append(' ')
                    .append(level)
                    .append(" ".repeat(Math.max(0, 5 - level.length())))
                    .append(' ')
                    .append(names.abbreviate(event.getLoggerName()))
                    .append(" - ")
                    .append(event.getFormattedMessage())
                    .append('\n');
            if (event.getThrowableProxy() != null) {
                line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            return line.toString();
        }
    }
}
