using System.Text.RegularExpressions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests;

/// <summary>A type name has one meaning in the whole source. Two kinds of nested types may share a
/// name, because a reader always sees which one is meant: a case of a closed family, written as
/// <c>JobPhase.Assigned</c>, and a private type, which one file alone can use.</summary>
public sealed partial class TypeNamesTests
{
    /// <summary>Names that two protobuf messages have, which are public and stay.</summary>
    private static readonly string[] Exceptions =
    [
        // The event of the journal and the frame of a terminal.
        "TerminalOpened",
        "TerminalClosed",
    ];

    private enum Kind
    {
        Free,
        Nested,
        Case,
        Private,
    }

    private sealed record Declared(string Name, string FullName, Kind Kind);

    private static readonly IReadOnlyList<Declared> Types =
    [
        .. Sources("*.cs").SelectMany(InCode),
        .. Sources("*.proto").SelectMany(InSchema),
    ];

    [Fact]
    public void No_two_types_share_a_name()
    {
        var shared = Types
            .Where(type => type.Kind is Kind.Free or Kind.Nested)
            .GroupBy(type => type.Name, type => type.FullName)
            .Where(group => !Exceptions.Contains(group.Key) && group.Distinct().Count() > 1)
            .Select(group => string.Join(" and ", group.Distinct()))
            .ToList();
        Assert.True(shared.Count == 0, string.Join('\n', shared));
    }

    [Fact]
    public void No_private_type_takes_the_name_of_a_type_outside_it()
    {
        var free = Types.Where(type => type.Kind == Kind.Free).ToLookup(type => type.Name);
        var shared = Types
            .Where(type => type.Kind == Kind.Private && free.Contains(type.Name))
            .Select(type => $"{type.FullName} and {free[type.Name].First().FullName}")
            .ToList();
        Assert.True(shared.Count == 0, string.Join('\n', shared));
    }

    [Fact]
    public void Every_exception_is_still_needed() =>
        Assert.All(
            Exceptions,
            name =>
                Assert.True(
                    Types
                        .Where(type => type.Name == name)
                        .Select(t => t.FullName)
                        .Distinct()
                        .Count() > 1
                )
        );

    /// <summary>The nesting follows from the indentation, which the formatter keeps.</summary>
    private static IEnumerable<Declared> InCode(string text)
    {
        var space = Space().Match(text).Groups[1].Value;
        var outer = new Stack<(int Indent, string Name)>();
        foreach (Match match in Declaration().Matches(text))
        {
            var (indent, name) = (match.Groups["indent"].Length, match.Groups["name"].Value);
            while (outer.TryPeek(out var above) && above.Indent >= indent)
                outer.Pop();
            var path = string.Join('.', outer.Reverse().Select(o => o.Name).Append(name));
            var kind =
                outer.Count == 0 ? Kind.Free
                : IsPrivate(match.Groups["modifiers"].Value) ? Kind.Private
                : IsCaseOf(outer.Peek().Name, text, match) ? Kind.Case
                : Kind.Nested;
            yield return new(name, $"{space}.{path}", kind);
            outer.Push((indent, name));
        }
    }

    private static IEnumerable<Declared> InSchema(string text)
    {
        var space = SchemaSpace().Match(text).Groups[1].Value;
        return SchemaDeclaration()
            .Matches(text)
            .Select(match => match.Groups[1].Value)
            .Select(name => new Declared(name, $"{space}.{name}", Kind.Free));
    }

    private static bool IsPrivate(string modifiers) =>
        !modifiers.Contains("public") && !modifiers.Contains("internal");

    private static bool IsCaseOf(string family, string text, Match declaration)
    {
        var end = text.AsSpan(declaration.Index).IndexOfAny(';', '{');
        var head = text.Substring(declaration.Index, Math.Max(end, 0));
        return Regex.IsMatch(head, $@":\s*{family}\b");
    }

    private static IEnumerable<string> Sources(string pattern) =>
        Directory
            .EnumerateFiles(SourceTree.PathOf("src"), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/"))
            .Select(File.ReadAllText);

    [GeneratedRegex(
        """
            ^(?<indent>\ *)(?<modifiers>(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe|new)\ )*)
            (?:(?:class|struct|interface|enum|record)\ (?:(?:struct|class)\ )?(?<name>[A-Z]\w*)|delegate\ .*?\ (?<name>[A-Z]\w*)(?:<[^>]*>)?\()
            """,
        RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Space();

    [GeneratedRegex("^option csharp_namespace = \"([^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex SchemaSpace();

    [GeneratedRegex(@"^\s*(?:message|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex SchemaDeclaration();
}
