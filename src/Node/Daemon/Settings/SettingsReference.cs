using System.Text;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>Prints the declared settings as hocon/reference.conf: each key with its default, below
/// its description.</summary>
internal static class SettingsReference
{
    private const int Width = 100;

    private const string Head = """
        # Every setting of JobCloud with its default. Durations: 200ms, 5s, 2m, 1h, 7d. Sizes: 512KiB, 16MiB,
        # 2GiB. Change settings in $JOBCLOUD_HOME/jobcloud.conf; README.md explains the precedence.
        # Generated from the declarations in the code: change those, not this file.
        """;

    public static string Print(SettingsReader declared)
    {
        var root = new Branch("");
        foreach (var setting in declared.Declared)
            root.Under(setting.Key).Declared = setting;
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
            if (child.Declared?.Default is { } preset)
                text.Append($"{indent}{child.Name} = {Written(preset)}\n");
            // A section whose names the user chooses has no children here.
            if (child.Children.Count == 0)
                continue;
            text.Append($"{indent}{child.Name} {{\n");
            Print(child, $"{indent}  ", text);
            text.Append($"{indent}}}\n");
        }
    }

    private static IEnumerable<string> Comment(Branch branch, int width)
    {
        var text = $"{branch.Declared?.Description} {branch.Declared?.Bounds}".Trim();
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

        /// <summary>Null: the section has no description.</summary>
        public Setting? Declared { get; set; }
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
