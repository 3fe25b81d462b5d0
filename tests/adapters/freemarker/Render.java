// The real FreeMarker engine as a service: a template and a model a line in, what it prints a line out.
import freemarker.core.Environment;
import freemarker.template.*;
import freemarker.template.utility.DeepUnwrap;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.*;

/** Lines are "VERSION TEMPLATE MODEL", the last two in Base64; the model is JSON, "@date:…" a date. */
public class Render {
    private static final String DATE = "@date:";

    public static void main(String[] args) throws IOException {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split(" ");
            String printed;
            try {
                Map<?, ?> model = model(decoded(parts[2]));
                printed = "+" + rendered(parts[0], decoded(parts[1]), model);
            } catch (IOException | TemplateException refused) {
                printed = "-" + refused.getMessage();
            }
            byte[] bytes = printed.getBytes(StandardCharsets.UTF_8);
            System.out.println(Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** As a server would have it: numbers grouped for people, the first error ends the rendering. */
    private static Environment environment(String version, String source, Object model, Writer out)
            throws IOException, TemplateException {
        Configuration configuration = new Configuration(new Version(version));
        configuration.setLocale(Locale.US);
        configuration.setLogTemplateExceptions(false);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        Template template = new Template("exporter", new StringReader(source), configuration);
        return template.createProcessingEnvironment(model, out);
    }

    private static String rendered(String version, String source, Object model)
            throws IOException, TemplateException {
        StringWriter out = new StringWriter();
        environment(version, source, model, out).process();
        return out.toString();
    }

    /** JSON as plain Java maps and lists, the way an application hands them to the engine. */
    private static Map<?, ?> model(String json) throws IOException, TemplateException {
        String source = "<#assign model = json?eval_json>";
        Environment environment = environment("2.3.31", source, Map.of("json", json), new StringWriter());
        environment.process();
        return (Map<?, ?>) withDates(DeepUnwrap.unwrap(environment.getVariable("model")));
    }

    private static Object withDates(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(key, withDates(inner)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(inner -> copy.add(withDates(inner)));
            return copy;
        }
        if (value instanceof String text && text.startsWith(DATE)) {
            return Date.from(Instant.parse(text.substring(DATE.length())));
        }
        return value;
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
