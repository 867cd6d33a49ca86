package org.virtugrid.control.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.web.filter.OncePerRequestFilter;
import org.virtugrid.control.rest.problem.ProblemException;
import org.virtugrid.control.rest.problem.ProblemWriter;
import org.virtugrid.control.rest.problem.Problems;

/** Bounds every body but a dataset's bytes: by its announced length at once, else while it is read. */
final class BodyLimitFilter extends OncePerRequestFilter {
    static final long JSON_BYTES = 32L << 20;
    static final long IGNITE_BYTES = 1L << 20;

    private static final long SMALL_BYTES = 1L << 20;

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long limit = limit(request);
        if (request.getContentLengthLong() > limit) {
            ProblemWriter.write(request, response, Problems.tooLarge(limit));
        } else {
            chain.doFilter(limit == Long.MAX_VALUE ? request : new Bounded(request, limit), response);
        }
    }

    private static long limit(HttpServletRequest request) {
        String path = request.getRequestURI();
        if (path.startsWith("/api/datasets/") && request.getMethod().equals("PUT")) {
            return Long.MAX_VALUE;
        }
        if (path.startsWith("/ignite")) {
            return IGNITE_BYTES;
        }
        boolean tasks =
                path.startsWith("/api/super-vm/") || path.equals("/api/tasks") || path.equals("/api/tasks/archive");
        return tasks ? JSON_BYTES : SMALL_BYTES;
    }

    private static final class Bounded extends HttpServletRequestWrapper {
        private final long limit;
        private ServletInputStream input;

        Bounded(HttpServletRequest request, long limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (input == null) {
                input = new BoundedInput(super.getInputStream(), limit);
            }
            return input;
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class BoundedInput extends ServletInputStream {
        private final ServletInputStream source;
        private final long limit;
        private long taken;

        BoundedInput(ServletInputStream source, long limit) {
            this.source = source;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int value = source.read();
            if (value >= 0) {
                count(1);
            }
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = source.read(target, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int bytes) {
            taken += bytes;
            if (taken > limit) {
                throw new ProblemException(Problems.tooLarge(limit));
            }
        }

        @Override
        public boolean isFinished() {
            return source.isFinished();
        }

        @Override
        public boolean isReady() {
            return source.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            source.setReadListener(listener);
        }
    }
}
