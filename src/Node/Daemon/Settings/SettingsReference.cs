using System.Text;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>Prints what was declared as hocon/reference.conf has it: each key with its default, and
/// above it what it is for.</summary>
internal static class SettingsReference
{
    private const int Width = 100;

    private const string Head = """
        # Every setting of JobCloud with its default. Durations: 200ms, 5s, 2m, 1h, 7d. Sizes: 512KiB, 16MiB,
        # 2GiB. Change settings in $JOBCLOUD_HOME/jobcloud.conf; README.md says what wins over what.
        # Made from what the code declares: to change it, change that.
        """;

    public static string Print(SettingsReader declared)
    {
        var root = new Branch("");
        foreach (var setting in declared.Declared)
            root.Under(setting.Key).Said = setting;
        var text = new StringBuilder(Head).Append("\n\n");
        Print(root, "", text);
        return text.ToString();
    }

    private static void Print(Branch branch, string indent, StringBuilder text)
    {
        var isFirst = true;
        foreach (var child in branch.Children)
        {
            if (!isFirst)
                text.Append('\n');
            isFirst = false;
            foreach (var line in Comment(child, Width - indent.Length))
                text.Append($"{indent}# {line}".TrimEnd()).Append('\n');
            if (child.Said?.Preset is { } preset)
                text.Append($"{indent}{child.Name} = {Written(preset)}\n");
            // Names of the user's own are not known here.
            if (child.Children.Count == 0)
                continue;
            text.Append($"{indent}{child.Name} {{\n");
            Print(child, $"{indent}  ", text);
            text.Append($"{indent}}}\n");
        }
    }

    private static IEnumerable<string> Comment(Branch branch, int width)
    {
        var text = $"{branch.Said?.Why} {branch.Said?.Bounds}".Trim();
        return text.Length == 0
            ? []
            : text.Split('\n').SelectMany(line => Wrap(line, width - "# ".Length));
    }

    private static IEnumerable<string> Wrap(string line, int width)
    {
        while (line.Length > width && line.LastIndexOf(' ', width) is > 0 and var at)
        {
            yield return line[..at];
            line = line[(at + 1)..];
        }
        yield return line;
    }

    private static string Written(SettingValue value) =>
        value.Items is not null || (value.Text.Length > 0 && value.Text.All(IsPlain))
            ? value.Text
            : $"\"{value.Text}\"";

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_';

    private sealed class Branch(string name)
    {
        public string Name => name;

        /// <summary>Null: nothing is said of the section.</summary>
        public Setting? Said { get; set; }
        public List<Branch> Children { get; } = [];

        public Branch Under(string key)
        {
            var at = this;
            foreach (var part in key.Split('.'))
            {
                var next = at.Children.Find(child => child.Name == part);
                if (next is null)
                    at.Children.Add(next = new Branch(part));
                at = next;
            }
            return at;
        }
    }
}
