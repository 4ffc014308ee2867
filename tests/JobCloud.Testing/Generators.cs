using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Testing;

/// <summary>A text of fragments of the product's languages and of arbitrary characters.</summary>
public sealed record Scrap(string Text)
{
    public override string ToString() => Text;
}

/// <summary>
/// Generators of basic values, for <c>[Properties(Arbitrary = [typeof(Generators)])]</c>. Values
/// are small and close to relevant bounds, so that they coincide often.
/// </summary>
public static class Generators
{
    private static readonly string[] Fragments =
    [
        "3",
        "0",
        "-",
        "-1",
        "10-19",
        "9-3",
        "99999999999999999999",
        ",",
        ",,",
        " ",
        "\n",
        "\t",
        "all",
        "last",
        "label:",
        "label:a\\,b",
        "status:",
        "status:queued",
        "map:",
        "map:7",
        ":",
        "{",
        "}",
        "{x}",
        "{y}",
        "${x}",
        "\\{",
        "\\",
        "$",
        "{}",
        "{1..3}",
        "=",
        "x=",
        "@",
        "@f",
        "/",
        "status",
        "label",
        "=error",
        "~",
        "!~",
        "!=",
        "<",
        ">=",
        "\"",
        "\"a b\"",
        "\"\\",
        "(",
        ")",
        "not",
        "and",
        "or",
        "sort",
        "limit",
        "created>2h",
        "priority<3",
        "-created",
        "owner=me",
        "1h30m",
        "90s",
        "1.5",
        "G",
        "KiB",
        "2026-11-22",
        "T15:04:05",
        "Z",
        "+01:00",
        "é",
        "😀",
        "\ud800",
        "\0",
        "true",
        "null",
        "[",
        "]",
        "{\"x\":1}",
        "{\"x\":\"a\"}\n",
        "x",
        "word",
    ];

    public static Gen<long> Jid { get; } =
        Gen.OneOf(
            Gen.Choose(1, 40).Select(n => (long)n),
            from segment in Gen.Choose(0, 4)
            from place in Gen.Choose(-2, 2)
            select Math.Max(1L, segment * 1024 + place)
        );

    /// <summary>Labels with characters that are special in some language.</summary>
    public static Gen<string> Label { get; } =
        Gen.Elements("a", "b", " ", ",", "\\", ":", "\"", "'", "=", "é", "-", "7", "\n")
            .NonEmptyListOf()
            .Select(string.Concat);

    public static Gen<Status> AnyStatus { get; } =
        Gen.Elements(Enum.GetValues<Status>().Where(s => s != Status.Unspecified).ToArray());

    /// <summary>An instant in µs within a few days of <see cref="Now"/>.</summary>
    public static Gen<long> Instant { get; } =
        Gen.Choose(-3_000_000, 0).Select(ms => Now + ms * 100_000L + 7);

    /// <summary>The time of clocks in tests: 2026-11-22T15:04:05.123Z.</summary>
    public const long Now = 1_795_359_845_123_000;

    public static Arbitrary<Scrap> Scraps() =>
        Gen.OneOf(
                Gen.Elements(Fragments).ListOf().Select(string.Concat),
                ArbMap.Default.GeneratorFor<string>().Select(s => s ?? "")
            )
            .Select(text => new Scrap(text))
            .ToArbitrary();

    public static Arbitrary<JidRange> Ranges() =>
        (
            from first in Jid
            from length in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 9), Gen.Choose(1000, 2100))
            select new JidRange { First = first, Last = first + length }
        ).ToArbitrary();

    public static Arbitrary<Selection> Selections() =>
        Gen.OneOf(
                Ranges().Generator.Select(r => new SelectionItem { Range = r }),
                Gen.Choose(1, 4).Select(w => new SelectionItem { Word = (SelectionWord)w }),
                Label.Select(l => new SelectionItem { Label = l }),
                AnyStatus.Select(s => new SelectionItem { Status = s }),
                Jid.Select(j => new SelectionItem { MapOf = j })
            )
            .NonEmptyListOf()
            .Select(items => new Selection { Items = { items } })
            .ToArbitrary();

    public static Arbitrary<MapColumn> Columns() => ColumnsOf(Gen.Choose(1, 12)).ToArbitrary();

    /// <summary>Columns with a number of values: lists, partly with files, and sequences.</summary>
    public static Gen<MapColumn> ColumnsOf(Gen<int> length) =>
        Gen.OneOf(
            from n in length
            from values in Gen.Elements("a", "b", "", "a,b", "{x}").ListOf(n)
            from files in Gen.Elements(true, false).ListOf(n)
            select ListColumn(values, files),
            from n in length
            from first in Gen.Choose(-9, 9)
            from step in Gen.Choose(-3, 3)
            from offset in Gen.Choose(0, n - 1)
            select new MapColumn
            {
                Name = "x",
                Sequence = new NumberSequence
                {
                    First = first,
                    Step = step,
                    Length = n,
                    Offset = offset,
                },
            }
        );

    private static MapColumn ListColumn(IList<string> values, IList<bool> files)
    {
        var column = new MapColumn
        {
            Name = "x",
            List = new ValueList { Values = { values } },
        };
        for (var i = 0; i < values.Count; i++)
        {
            if (files[i])
            {
                var content = ByteString.CopyFromUtf8($"file {i}");
                column.List.Files.Add(new ColumnFile { Index = i, Content = content });
            }
        }
        return column;
    }
}
