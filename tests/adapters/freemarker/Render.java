// Renders a FreeMarker template over a JSON file with the real engine: TEMPLATE JSON -> stdout.
import freemarker.template.*;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;

public class Render {
    public static void main(String[] args) throws Exception {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_31);
        configuration.setDefaultEncoding("UTF-8");
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        String ours = Files.readString(Path.of(args[0]));
        String json = Files.readString(Path.of(args[1]));
        String source = "<#assign reports = json?eval_json>" + ours;
        Template template = new Template("exporter", new StringReader(source), configuration);
        Writer out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
        template.process(java.util.Map.of("json", json), out);
        out.flush();
    }
}
