using System.Diagnostics.CodeAnalysis;

namespace JobCloud.Protocol.Text;

/// <summary>The result of parsing a text: a value or an error.</summary>
public sealed record Parsed<T>
{
    private Parsed(T? value, TextError? error) => (Value, Error) = (value, error);

    public T? Value { get; }
    public TextError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Ok => Error is null;

    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(TextError error) => new(default, error);
}

/// <summary>An error in a text, with its position.</summary>
/// <param name="At">The index of the first character.</param>
/// <param name="Length">The number of characters; 0: the end of the text.</param>
/// <param name="Message">A sentence that names the invalid item and says what to do.</param>
public sealed record TextError(int At, int Length, string Message);
