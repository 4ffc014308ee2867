using System.Reflection;
using System.Text;

namespace JobCloud.Testing.Structure;

/// <summary>An arrow between two folders that has to close a cycle.</summary>
/// <param name="Why">The reason, in a sentence.</param>
public sealed record KnownArrow(string From, string To, string Why);

/// <summary>The folders of a program, by its types' namespaces below the program's own, and the
/// arrows between them: a type of one uses a type of another.</summary>
public static class Folders
{
    /// <summary>Of types that lie in no folder.</summary>
    private const string Top = "(top)";

    private const int ExamplesMax = 6;

    /// <summary>Fails where folders use each other in a circle, each with all below it or each by
    /// itself, and names the types that do.</summary>
    /// <param name="root">The program's own namespace.</param>
    /// <param name="known">Left out of the search; each of them must still close a cycle.</param>
    public static void FormNoCycles(Assembly assembly, string root, params KnownArrow[] known)
    {
        FormNoCycles(Arrows(assembly, root, nested: false), root, known);
        FormNoCycles(Arrows(assembly, root, nested: true), root, known);
    }

    private static void FormNoCycles(
        Dictionary<(string From, string To), HashSet<string>> arrows,
        string root,
        KnownArrow[] known
    )
    {
        var unknown = arrows
            .Where(arrow => !known.Any(k => (k.From, k.To) == arrow.Key))
            .ToDictionary();
        var trouble = new StringBuilder();
        foreach (var ((from, to), uses) in InCycles(unknown))
        {
            trouble.Append($"{from} -> {to}\n");
            foreach (var use in uses.Order(StringComparer.Ordinal).Take(ExamplesMax))
                trouble.Append($"    {use}\n");
        }
        foreach (var arrow in known.Where(k => !Reaches(arrows, k.To, k.From)))
            trouble.Append($"{arrow.From} -> {arrow.To} closes no cycle any more: take it out\n");
        foreach (var arrow in known.Where(k => !arrows.ContainsKey((k.From, k.To))))
            trouble.Append($"{arrow.From} -> {arrow.To} is there no more: take it out\n");
        if (trouble.Length > 0)
            throw new InvalidOperationException($"folders of {root} use each other:\n{trouble}");
    }

    /// <summary>The arrows, and the uses that make each.</summary>
    /// <param name="nested">A folder in a folder is one of its own.</param>
    private static Dictionary<(string From, string To), HashSet<string>> Arrows(
        Assembly assembly,
        string root,
        bool nested
    )
    {
        var arrows = new Dictionary<(string, string), HashSet<string>>();
        foreach (var type in assembly.GetTypes())
        {
            if (FolderOf(type, root, nested) is not { } from)
                continue;
            foreach (var used in TypeUses.Of(type).Where(used => used.Assembly == assembly))
            {
                if (FolderOf(used, root, nested) is not { } to || to == from)
                    continue;
                if (!arrows.TryGetValue((from, to), out var uses))
                    arrows[(from, to)] = uses = [];
                uses.Add($"{Written(type).Name} uses {Written(used).Name}");
            }
        }
        return arrows;
    }

    /// <summary>Those whose end leads back to their start.</summary>
    private static IEnumerable<KeyValuePair<(string From, string To), HashSet<string>>> InCycles(
        Dictionary<(string From, string To), HashSet<string>> arrows
    ) =>
        arrows
            .Where(arrow => Reaches(arrows, arrow.Key.To, arrow.Key.From))
            .OrderBy(arrow => arrow.Key);

    private static bool Reaches(
        Dictionary<(string From, string To), HashSet<string>> arrows,
        string start,
        string end
    )
    {
        var seen = new HashSet<string> { start };
        var rest = new Stack<string>(seen);
        while (rest.TryPop(out var folder))
        {
            if (folder == end)
                return true;
            foreach (var (_, to) in arrows.Keys.Where(key => key.From == folder))
            {
                if (seen.Add(to))
                    rest.Push(to);
            }
        }
        return false;
    }

    /// <summary>Null: it does not lie below the root, as what the compiler makes does
    /// not.</summary>
    private static string? FolderOf(Type type, string root, bool nested) =>
        type.Namespace is not { } name ? (Written(type).Name == "Program" ? Top : null)
        : name == root ? Top
        : name.StartsWith(root + ".", StringComparison.Ordinal)
            ? nested ? name[(root.Length + 1)..]
                : name[(root.Length + 1)..].Split('.')[0]
        : null;

    /// <summary>The type in whose source text this one is.</summary>
    private static Type Written(Type type) =>
        type.DeclaringType is { } outer ? Written(outer) : type;
}
