package org.virtugrid.control.rest;

import java.time.Clock;
import java.util.function.Supplier;
import org.apache.ignite.Ignite;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;
import org.springframework.validation.Validator;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.virtugrid.control.coordinator.Platform;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.control.rest.doctor.DoctorConfiguration;
import org.virtugrid.control.rest.ignite.IgniteConfiguration;
import org.virtugrid.control.rest.problem.ProblemAdvice;
import org.virtugrid.control.security.SecurityConfiguration;
import org.virtugrid.control.security.SecuritySettings;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.Datasets;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All of HTTP: the server, security, the controllers and the page. Whoever imports it supplies beans of
 * {@link SecuritySettings}, {@link Platform}, {@link VmService}, {@link org.virtugrid.control.coordinator.EventLog},
 * {@link Datasets}, {@link Tasks} and a supplier of {@link Ignite}. Everything is named, nothing is scanned for: that
 * keeps the start short and the surface visible.
 */
@Configuration(proxyBeanMethods = false)
@PropertySource("classpath:org/virtugrid/control/rest/web.properties")
@ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    HttpEncodingAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class,
    SpringDocConfiguration.class,
    SpringDocConfigProperties.class,
    SpringDocWebMvcConfiguration.class
})
@Import({
    SecurityConfiguration.class,
    ProblemAdvice.class,
    ApiDocument.class,
    DoctorConfiguration.class,
    IgniteConfiguration.class,
    HealthController.class,
    SuperVmController.class,
    VmController.class,
    SnapshotController.class,
    HostController.class,
    NodeController.class,
    DatasetController.class,
    UploadController.class,
    TaskController.class,
    TaskArchiveController.class,
    EventController.class,
    ShutdownController.class
})
public class WebConfiguration implements WebMvcConfigurer {
    /** Data and work, which every control node takes; the rest changes the platform itself. */
    private static final String[] DATA = {
        "/api/datasets/**",
        "/api/tasks/**",
        "/api/packets/**",
        "/api/super-vm/process",
        "/api/super-vm/render",
        "/api/super-vm/browser",
        "/api/super-vm/sync",
        "/ignite/**"
    };

    private final Platform platform;

    /** Asks the platform whether the grid is ready. */
    public WebConfiguration(Platform platform) {
        this.platform = platform;
    }

    /** Bodies are checked by hand; the validator that would be found otherwise is slow to start. */
    @Override
    public Validator getValidator() {
        return Validator.forType(Void.class, (nothing, errors) -> {});
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new LeaderGate(platform, true)).addPathPatterns(DATA);
        registry.addInterceptor(new LeaderGate(platform, false))
                .addPathPatterns("/api/**")
                .excludePathPatterns(DATA)
                .excludePathPatterns("/api/session/**");
        registry.addInterceptor(new GridGate(platform))
                .addPathPatterns("/api/datasets/**", "/api/tasks/**", "/api/super-vm/process", "/ignite/**");
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/page/**").addResourceLocations("classpath:/web/");
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/").setViewName("forward:/page/index.html");
    }

    @Bean
    static WebServer webServer(SecuritySettings settings) {
        return new WebServer(settings);
    }

    @Bean
    static JsonMapperBuilderCustomizer strictJson() {
        return builder -> builder.enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY);
    }

    @Bean
    @Fallback
    static Clock webClock() {
        return Clock.systemUTC();
    }

    @Bean
    static TaskViews taskViews(Tasks tasks) {
        return new TaskViews(tasks);
    }

    @Bean
    static DatasetViews datasetViews(Datasets datasets) {
        return new DatasetViews(datasets);
    }

    @Bean
    static ProcessRequestReader processRequestReader() {
        return new ProcessRequestReader();
    }

    @Bean
    static WorkerScale workerScale(VmService vms, Clock clock) {
        return new WorkerScale(vms, clock);
    }

    @Bean
    static FreeSpace freeSpace(SecuritySettings settings) {
        return new FreeSpace(settings.home());
    }

    @Bean
    static EventStreams eventStreams(JsonMapper json) {
        return new EventStreams(json);
    }

    @Bean
    static NodeDirectory nodeDirectory(Supplier<Ignite> ignite, VmService vms, Tasks tasks, Platform platform) {
        return new NodeDirectory(ignite, vms, tasks, platform);
    }
}
