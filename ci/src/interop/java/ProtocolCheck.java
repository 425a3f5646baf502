import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Reads instances of messages, decodes each with the class that Kafka's own generator made for it, encodes it again, and
 * compares. Standard input: a line each, name, version and bytes in hexadecimal. Standard output: a line for each
 * difference, then the number of instances that were equal and the number of messages that they were of.
 */
class ProtocolCheck {
    /** Where Kafka keeps generated classes. */
    private static final List<String> PACKAGES = List.of(
        "org/apache/kafka/common/message/",
        "org/apache/kafka/common/metadata/",
        "/generated/");

    private final Map<String, Class<? extends Message>> classes = new TreeMap<>();

    public static void main(String[] arguments) throws Exception {
        ProtocolCheck check = new ProtocolCheck();
        long equal = 0;
        TreeSet<String> names = new TreeSet<>();
        TreeSet<String> unknown = new TreeSet<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            Class<? extends Message> type = check.classes.get(words[0]);
            if (type == null) {
                if (unknown.add(words[0])) {
                    System.out.println("no class: " + words[0]);
                }
                continue;
            }
            String difference = difference(type, Short.parseShort(words[1]), HexFormat.of().parseHex(words[2]));
            if (difference == null) {
                equal++;
                names.add(words[0]);
            } else {
                System.out.println(words[0] + " v" + words[1] + ": " + difference + "; instance " + words[2]);
            }
        }
        System.out.println("equal " + equal + " of " + names.size() + " messages");
    }

    private ProtocolCheck() throws Exception {
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!jar.endsWith(".jar")) {
                continue;
            }
            try (JarFile file = new JarFile(jar)) {
                for (var entry : file.stream().toList()) {
                    take(entry.getName());
                }
            }
        }
    }

    private void take(String entry) throws Exception {
        boolean generated = PACKAGES.stream().anyMatch(entry::contains);
        if (!generated || !entry.endsWith(".class") || entry.contains("$")) {
            return;
        }
        Class<?> type = Class.forName(entry.substring(0, entry.length() - 6).replace('/', '.'), false,
            ProtocolCheck.class.getClassLoader());
        if (Message.class.isAssignableFrom(type) && !type.isInterface()) {
            String name = type.getSimpleName();
            classes.put(name, type.asSubclass(Message.class));
            if (name.endsWith("Data")) {
                classes.put(name.substring(0, name.length() - 4), type.asSubclass(Message.class));
            }
        }
    }

    /** What differs, or null. */
    private static String difference(Class<? extends Message> type, short version, byte[] bytes) {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            Message message = constructor.newInstance();
            if (version < message.lowestSupportedVersion() || version > message.highestSupportedVersion()) {
                return "Kafka has versions " + message.lowestSupportedVersion() + " to " + message.highestSupportedVersion();
            }
            ByteBuffer input = ByteBuffer.wrap(bytes);
            message.read(new ByteBufferAccessor(input), version);
            if (input.hasRemaining()) {
                return input.remaining() + " bytes are left over";
            }
            ObjectSerializationCache cache = new ObjectSerializationCache();
            ByteBuffer output = ByteBuffer.allocate(message.size(cache, version));
            message.write(new ByteBufferAccessor(output), cache, version);
            output.flip();
            return output.equals(ByteBuffer.wrap(bytes)) ? null : "written as " + HexFormat.of().formatHex(output.array());
        } catch (Exception | Error error) {
            return error.toString();
        }
    }
}
