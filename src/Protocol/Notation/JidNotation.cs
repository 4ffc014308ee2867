using System.Globalization;
using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Notation;

/// <summary>A jid list: <c>3,7,10-19,last,label:night,status:queued,map:12</c>.</summary>
public static class JidNotation
{
    /// <summary>The words that select jobs by themselves.</summary>
    public static IEnumerable<string> Keywords => Words.Select(known => known.Text);

    private const string LabelPrefix = "label:";
    private const string StatusPrefix = "status:";
    private const string MapPrefix = "map:";

    private static readonly (string Text, SelectionWord Word)[] Words =
    [
        ("all", SelectionWord.All),
        ("unfinished", SelectionWord.Unfinished),
        ("last", SelectionWord.Last),
        ("failed", SelectionWord.Failed),
    ];

    /// <summary>Parses a comma-separated list; an error names the first invalid item.</summary>
    public static Parsed<Selection> Parse(string text)
    {
        var selection = new Selection();
        return Add(selection, text, 0, text.Length) is { } error ? error : selection;
    }

    /// <summary>Parses lists separated by white space, such as jids from a pipe.</summary>
    public static Parsed<Selection> ParseLines(string text)
    {
        var selection = new Selection();
        var start = 0;
        while (start < text.Length)
        {
            if (char.IsWhiteSpace(text[start]))
            {
                start++;
                continue;
            }
            var end = start;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            if (Add(selection, text, start, end) is { } error)
                return error;
            start = end;
        }
        return selection.Items.Count > 0
            ? selection
            : new TextError(text.Length, 0, "No jids given; give jids such as 3,7,10-19.");
    }

    /// <summary>Whether a word is meant as an item of a jid list, even a malformed one.</summary>
    public static bool IsItem(string word) =>
        IsJids(word)
        || word.StartsWith(LabelPrefix, StringComparison.Ordinal)
        || word.StartsWith(StatusPrefix, StringComparison.Ordinal)
        || word.StartsWith(MapPrefix, StringComparison.Ordinal)
        || Array.Exists(Words, known => known.Text == word);

    /// <summary>Whether it is a jid or a range of jids: <c>7</c>, <c>10-19</c>.</summary>
    private static bool IsJids(ReadOnlySpan<char> word)
    {
        var dash = word.IndexOf('-');
        return dash < 0 ? IsNumber(word) : IsNumber(word[..dash]) && IsNumber(word[(dash + 1)..]);
    }

    private static bool IsNumber(ReadOnlySpan<char> word) =>
        word.Length > 0 && !word.ContainsAnyExceptInRange('0', '9');

    /// <summary>Formats a selection so that parsing restores it.</summary>
    public static string Print(Selection selection) =>
        string.Join(',', selection.Items.Select(Print));

    /// <summary>Formats one item.</summary>
    public static string Print(SelectionItem item) =>
        item.ItemCase switch
        {
            SelectionItem.ItemOneofCase.Range => Print(item.Range),
            SelectionItem.ItemOneofCase.Word => Words.First(w => w.Word == item.Word).Text,
            SelectionItem.ItemOneofCase.Label => LabelPrefix
                + item.Label.Replace(@"\", @"\\").Replace(",", @"\,"),
            SelectionItem.ItemOneofCase.Status => StatusPrefix + StatusNames.Of(item.Status),
            SelectionItem.ItemOneofCase.MapOf => string.Create(
                CultureInfo.InvariantCulture,
                $"{MapPrefix}{item.MapOf}"
            ),
            _ => "",
        };

    /// <summary>One range: <c>7</c> or <c>10-19</c>.</summary>
    public static string Print(JidRange range) =>
        range.First == range.Last
            ? range.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}");

    /// <summary>Ranges as a jid list.</summary>
    public static string Print(IEnumerable<JidRange> ranges) =>
        string.Join(',', ranges.Select(Print));

    private static TextError? Add(Selection selection, string text, int start, int end)
    {
        while (true)
        {
            var comma = EndOfItem(text, start, end);
            var item = ReadItem(text, start, comma);
            if (item.Error is { } error)
                return error;
            selection.Items.Add(item.Value);
            if (comma == end)
                return null;
            start = comma + 1;
        }
    }

    // Only a label may contain an escaped comma.
    private static int EndOfItem(string text, int start, int end)
    {
        var label = text.AsSpan(start, end - start).TrimStart().StartsWith(LabelPrefix);
        for (var i = start; i < end; i++)
        {
            if (label && text[i] == '\\')
                i++;
            else if (text[i] == ',')
                return i;
        }
        return end;
    }

    private static Parsed<SelectionItem> ReadItem(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        var item = text[start..end];
        if (item.StartsWith(LabelPrefix, StringComparison.Ordinal))
            return ReadLabel(item[LabelPrefix.Length..], start, item.Length);
        item = item.TrimEnd();
        if (item.Length == 0)
            return new TextError(start, 0, "Missing jid; give jids such as 3,7,10-19.");
        if (item.StartsWith(StatusPrefix, StringComparison.Ordinal))
            return ReadStatus(item, start);
        if (item.StartsWith(MapPrefix, StringComparison.Ordinal))
        {
            return ReadJid(item, item.AsSpan(MapPrefix.Length), start, out var jid) is { } error
                ? error
                : new SelectionItem { MapOf = jid };
        }
        foreach (var (word, value) in Words)
        {
            if (item == word)
                return new SelectionItem { Word = value };
        }
        return ReadRange(item, start);
    }

    private static Parsed<SelectionItem> ReadLabel(string escaped, int at, int length)
    {
        if (escaped.Length == 0)
            return new TextError(at, length, "'label:' has no text; write label:TEXT.");
        var label = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '\\' && i + 1 < escaped.Length && escaped[i + 1] is ',' or '\\')
                i++;
            label.Append(escaped[i]);
        }
        return new SelectionItem { Label = label.ToString() };
    }

    private static Parsed<SelectionItem> ReadStatus(string item, int at)
    {
        if (StatusNames.TryParse(item[StatusPrefix.Length..], out var status))
            return new SelectionItem { Status = status };
        var known = string.Join(", ", StatusNames.All);
        return new TextError(at, item.Length, $"Unknown status in '{item}'; use one of {known}.");
    }

    private static Parsed<SelectionItem> ReadRange(string item, int at)
    {
        var dash = item.IndexOf('-', 1);
        var low = dash < 0 ? item : item.AsSpan(0, dash);
        if (ReadJid(item, low, at, out var first) is { } lowError)
            return lowError;
        if (dash < 0)
            return new SelectionItem { Range = JidRanges.Range(first, first) };
        if (ReadJid(item, item.AsSpan(dash + 1), at, out var last) is { } highError)
            return highError;
        if (last < first)
        {
            return new TextError(at, item.Length, $"'{item}' is reversed; write {last}-{first}.");
        }
        return new SelectionItem { Range = JidRanges.Range(first, last) };
    }

    private static TextError? ReadJid(string item, ReadOnlySpan<char> digits, int at, out long jid)
    {
        if (
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out jid)
            && jid > 0
        )
            return null;
        var why =
            digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9')
                ? jid == 0 && digits.Trim('0').IsEmpty
                    ? "jids start at 1"
                    : "it is too large"
                : "give jids such as 3,7,10-19";
        return new TextError(at, item.Length, $"'{item}' is not a jid: {why}.");
    }
}
