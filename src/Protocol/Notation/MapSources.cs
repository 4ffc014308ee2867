using System.Globalization;
using System.Text;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Notation;

/// <summary>The parts of <c>NAME=REST</c>; the rest starts at <c>At</c>.</summary>
public sealed record NameAndRest(string Name, string Rest, int At);

/// <summary>Builds parameters and columns from command-line arguments.</summary>
public static class MapSources
{
    /// <summary>The parameter of a range without a name.</summary>
    public const string RangeParameter = "i";

    /// <summary>Parses <c>NAME=REST</c>; both parts are required.</summary>
    public static Parsed<NameAndRest> Split(string text)
    {
        var equals = text.IndexOf('=');
        if (equals < 0)
            return Error(text, $"'{text}' has no '='; write NAME=VALUE.");
        var name = text[..equals];
        if (!CommandTemplate.IsName(name))
            return NotName(text, name);
        return equals + 1 < text.Length
            ? new NameAndRest(name, text[(equals + 1)..], equals + 1)
            : Error(text, $"The parameter '{name}' has no value; write {name}=VALUE.");
    }

    /// <summary>Parses <c>NAME=VALUE</c>; a value <c>@FILE</c> sends the file along.</summary>
    /// <param name="read">Reads a file; null: it cannot be read.</param>
    public static Parsed<Parameter> Data(string text, Func<string, SentContent?> read)
    {
        var split = Split(text);
        if (!split.Ok)
            return split.Error;
        var parameter = new Parameter { Name = split.Value.Name, Value = split.Value.Rest };
        if (!parameter.Value.StartsWith('@'))
            return parameter;
        var path = parameter.Value[1..];
        if (BaseName(path).Length == 0 || read(path) is not { } content)
            return CannotRead(text, parameter.Name, path);
        parameter.Value = BaseName(path);
        content.PutInto(parameter);
        return parameter;
    }

    /// <summary>A parameter whose file a request holds or names.</summary>
    public static Parsed<Parameter> Data(string name, NamedContent content)
    {
        if (!CommandTemplate.IsName(name))
            return NotName(name, name);
        var parameter = new Parameter { Name = name, Value = FileName(name, content) };
        content.Content.PutInto(parameter);
        return parameter;
    }

    /// <summary>Parses <c>NAME=V1,V2,…</c>; <c>\,</c> is a comma in a value, and a trailing comma
    /// is ignored.</summary>
    public static Parsed<MapColumn> Values(string text)
    {
        var split = Split(text);
        if (!split.Ok)
            return split.Error;
        var (name, rest, _) = split.Value;
        var list = new ValueList();
        var value = new StringBuilder();
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '\\' && i + 1 < rest.Length && rest[i + 1] == ',')
                value.Append(rest[++i]);
            else if (rest[i] == ',')
            {
                list.Values.Add(value.ToString());
                value.Clear();
            }
            else
                value.Append(rest[i]);
        }
        if (value.Length > 0)
            list.Values.Add(value.ToString());
        return new MapColumn { Name = name, List = list };
    }

    /// <summary>Parses one trimmed value per line and skips blank lines.</summary>
    public static Parsed<MapColumn> Lines(string name, string content)
    {
        var list = new ValueList();
        foreach (var line in content.AsSpan().EnumerateLines())
        {
            if (!line.IsWhiteSpace())
                list.Values.Add(line.Trim().ToString());
        }
        return list.Values.Count > 0
            ? new MapColumn { Name = name, List = list }
            : Error("", $"The file of '{name}' has no values; write one per line.");
    }

    /// <summary>Sends the file of each value <c>@FILE</c> along and replaces the value with its
    /// base name.</summary>
    public static Parsed<MapColumn> WithFiles(MapColumn column, Func<string, SentContent?> read)
    {
        if (column.ValuesCase != MapColumn.ValuesOneofCase.List)
            return column;
        var sent = new MapColumn { Name = column.Name, List = new ValueList() };
        foreach (var value in column.List.Values)
            if (AddValue(sent, value, read) is { } error)
                return error;
        return sent;
    }

    /// <summary>Adds a value to a column with a list; a value <c>@FILE</c> sends the file
    /// along.</summary>
    public static TextError? AddValue(
        MapColumn column,
        string value,
        Func<string, SentContent?> read
    )
    {
        if (!value.StartsWith('@'))
        {
            column.List.Values.Add(value);
            return null;
        }
        var path = value[1..];
        if (BaseName(path).Length == 0 || read(path) is not { } content)
            return CannotRead("", column.Name, path);
        AddFile(column.List, BaseName(path), content);
        return null;
    }

    /// <summary>Adds a file that a request holds or names to a column with a list.</summary>
    public static void AddValue(MapColumn column, NamedContent content) =>
        AddFile(column.List, FileName(column.Name, content), content.Content);

    private static void AddFile(ValueList list, string name, SentContent content)
    {
        var file = new ColumnFile { Index = list.Values.Count };
        content.PutInto(file);
        list.Files.Add(file);
        list.Values.Add(name);
    }

    /// <summary>Parses <c>[NAME=]A-B[:STEP]</c>, inclusive; numbers may be negative.</summary>
    public static Parsed<MapColumn> Range(string text)
    {
        var (name, range, at) = (RangeParameter, text, 0);
        if (text.Contains('='))
        {
            var split = Split(text);
            if (!split.Ok)
                return split.Error;
            (name, range, at) = split.Value;
        }
        var colon = range.IndexOf(':');
        var ends = colon < 0 ? range : range[..colon];
        var dash = ends.Length > 1 ? ends.IndexOf('-', 1) : -1;
        var step = 1L;
        if (
            dash < 0
            || !TryNumber(ends[..dash], out var first)
            || !TryNumber(ends[(dash + 1)..], out var last)
            || (colon >= 0 && !TryNumber(range[(colon + 1)..], out step))
        )
        {
            var message = $"'{range}' is not a range; write A-B or A-B:STEP, such as 1-100.";
            return new TextError(at, range.Length, message);
        }
        if (step == 0 || (step > 0 ? first > last : first < last))
        {
            var message = $"The range '{range}' is empty; its step does not lead from A to B.";
            return new TextError(at, range.Length, message);
        }
        var length = ((Int128)last - first) / step + 1;
        if (length > long.MaxValue)
            return new TextError(at, range.Length, $"The range '{range}' is too long.");
        return new MapColumn
        {
            Name = name,
            Sequence = new NumberSequence
            {
                First = first,
                Step = step,
                Length = (long)length,
            },
        };
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(
            text,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out number
        );

    private static TextError CannotRead(string text, string name, string path) =>
        Error(text, $"The file '{path}' of the parameter '{name}' cannot be read.");

    private static TextError NotName(string text, string name) =>
        Error(text, $"'{name}' is not a valid parameter name; use letters, digits and _.");

    /// <summary>A file without a name is called like its parameter.</summary>
    private static string FileName(string parameter, NamedContent content) =>
        content.Name.Length > 0 ? content.Name : parameter;

    private static string BaseName(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static TextError Error(string text, string message) => new(0, text.Length, message);
}
