using System.Reflection;
using System.Text;

namespace JobCloud.Testing.Structure;

/// <summary>An allowed dependency between two folders that closes a cycle.</summary>
/// <param name="Why">The reason, in a sentence.</param>
public sealed record KnownDependency(string From, string To, string Why);

/// <summary>Checks dependencies between the folders of a program: a type of one folder uses a type
/// of another. Folders are namespaces below that of the program.</summary>
public static class Folders
{
    /// <summary>The folder of types in the program's own namespace.</summary>
    private const string Top = "(top)";

    private const int ExamplesMax = 6;

    /// <summary>Fails if folders depend on each other in a cycle, with or without their subfolders,
    /// and names the types.</summary>
    /// <param name="root">The namespace of the program.</param>
    /// <param name="known">Ignored dependencies; each of them must still close a cycle.</param>
    public static void FormNoCycles(Assembly assembly, string root, params KnownDependency[] known)
    {
        FormNoCycles(Arrows(assembly, root, nested: false), root, known);
        FormNoCycles(Arrows(assembly, root, nested: true), root, known);
    }

    private static void FormNoCycles(
        Dictionary<(string From, string To), HashSet<string>> arrows,
        string root,
        KnownDependency[] known
    )
    {
        var unknown = arrows
            .Where(arrow => !known.Any(k => (k.From, k.To) == arrow.Key))
            .ToDictionary();
        var problems = new StringBuilder();
        foreach (var ((from, to), uses) in InCycles(unknown))
        {
            problems.Append($"{from} -> {to}\n");
            foreach (var use in uses.Order(StringComparer.Ordinal).Take(ExamplesMax))
                problems.Append($"    {use}\n");
        }
        foreach (var arrow in known.Where(k => !Reaches(arrows, k.To, k.From)))
            problems.Append($"{arrow.From} -> {arrow.To} no longer closes a cycle: remove it\n");
        foreach (var arrow in known.Where(k => !arrows.ContainsKey((k.From, k.To))))
            problems.Append($"{arrow.From} -> {arrow.To} no longer exists: remove it\n");
        if (problems.Length > 0)
            throw new InvalidOperationException($"folders of {root} form cycles:\n{problems}");
    }

    /// <summary>The dependencies, with the uses that cause each.</summary>
    /// <param name="nested">Whether a subfolder counts as a folder.</param>
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
                uses.Add($"{Outermost(type).Name} uses {Outermost(used).Name}");
            }
        }
        return arrows;
    }

    /// <summary>The dependencies that are part of a cycle.</summary>
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

    /// <summary>The folder of a type; null: it is not below the root, such as generated
    /// types.</summary>
    private static string? FolderOf(Type type, string root, bool nested) =>
        type.Namespace is not { } name ? (Outermost(type).Name == "Program" ? Top : null)
        : name == root ? Top
        : name.StartsWith(root + ".", StringComparison.Ordinal)
            ? nested ? name[(root.Length + 1)..]
                : name[(root.Length + 1)..].Split('.')[0]
        : null;

    /// <summary>The outermost type that contains a type.</summary>
    private static Type Outermost(Type type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type;
}
