using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace JobCloud.FullScreen.Tests.Model.Output;

/// <summary>Output of a job, valid or not.</summary>
public sealed record OutputBytes(byte[] Data)
{
    public override string ToString() => Convert.ToHexString(Data);
}

/// <summary>Generators for <c>[Properties(Arbitrary = [typeof(OutputGenerators)])]</c>.</summary>
public static class OutputGenerators
{
    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "a",
            "loss 0.1",
            "LOSS",
            "\n",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\b",
            "\0",
            "\u007f",
            "é",
            "日本",
            "😀",
            "\u0085",
            "\u001b[31m",
            "\u001b[0m",
            "\u001b[1;38;5;200m",
            "\u001b[38;2;1;2;3;48;5;9m",
            "\u001b[K",
            "\u001b[2K",
            "\u001b[1K",
            "\u001b[2J",
            "\u001b",
            "\u001b[",
            "\u001b]8;;x",
            "0123456789012345678901234567890123456789",
        }.Select(Encoding.UTF8.GetBytes),
        [0xC3],
        [0xE6, 0x97],
        [0xF0, 0x9F, 0x98],
        [0xFF],
        [0x80],
    ];

    public static Arbitrary<OutputBytes> Bytes() =>
        Gen.Elements(Fragments)
            .ListOf()
            .Select(fragments => new OutputBytes([.. fragments.SelectMany(p => p)]))
            .ToArbitrary();
}
