using System.Buffers.Binary;

namespace JobCloud.Protocol.Inbound;

/// <summary>Reads the fields of a protobuf message one after another, without copying. It accepts
/// less than a parser does: each field once at most, so that a parser that keeps the last of two
/// values cannot read another message than the one that was checked.</summary>
internal ref struct ProtoFields(ReadOnlySpan<byte> rest)
{
    private const int MaxField = 31;

    private ReadOnlySpan<byte> _rest = rest;
    private uint _seen;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>The value of the current field, if it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>The value of the current field, if it is text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Whether the current field is text, bytes or a message.</summary>
    public bool IsBytes { get; private set; }

    /// <summary>Whether the message is invalid or has a field twice.</summary>
    public bool IsInvalid { get; private set; }

    /// <summary>Reads the next field; false: there is none, or the message is invalid.</summary>
    /// <param name="repeated">The number of the field that may occur more than once.</param>
    public bool Next(int repeated = 0) => NextOf(repeated == 0 ? 0 : 1u << repeated);

    /// <summary>Reads the next field; false: there is none, or the message is invalid.</summary>
    /// <param name="repeated">A bit for the number of each field that may occur more than
    /// once.</param>
    public bool NextOf(uint repeated)
    {
        if (_rest.IsEmpty)
            return false;
        if (!TryVarint(ref _rest, out var tag) || tag >> 3 is 0 or > MaxField)
            return Fail();
        Field = (int)(tag >> 3);
        if ((repeated & (1u << Field)) == 0 && (_seen & (1u << Field)) != 0)
            return Fail();
        _seen |= 1u << Field;
        IsBytes = (tag & 7) == 2;
        return TryValue((int)(tag & 7)) || Fail();
    }

    private bool TryValue(int wireType)
    {
        ulong number;
        switch (wireType)
        {
            case 0 when TryVarint(ref _rest, out number):
                break;
            case 1 when _rest.Length >= sizeof(ulong):
                number = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
                _rest = _rest[sizeof(ulong)..];
                break;
            case 2 when TryVarint(ref _rest, out number) && number <= (ulong)_rest.Length:
                Bytes = _rest[..(int)number];
                _rest = _rest[(int)number..];
                return true;
            default:
                return false;
        }
        Number = number;
        return true;
    }

    /// <summary>Reads a number of variable length from the start of bytes.</summary>
    public static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }

    private bool Fail()
    {
        IsInvalid = true;
        return false;
    }
}
