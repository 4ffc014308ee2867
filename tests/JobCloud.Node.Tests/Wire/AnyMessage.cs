using System.Collections;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Tests.Wire;

/// <summary>Generates messages of every type in the table, with any content that the schema
/// allows.</summary>
public static class AnyMessage
{
    private const int Depth = 4;

    public static Arbitrary<IMessage> Messages() =>
        Gen.Elements(WireNames.All.ToArray())
            .SelectMany(message => Gen.Choose(0, int.MaxValue).Select(seed => Make(message, seed)))
            .ToArbitrary();

    /// <summary>Makes a message; the same seed gives the same message.</summary>
    public static IMessage Make(MessageDescriptor message, int seed) =>
        Make(message, new Random(seed), Depth);

    private static IMessage Make(MessageDescriptor descriptor, Random random, int depth)
    {
        var message = descriptor.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in descriptor.Fields.InDeclarationOrder())
        {
            if (random.Next(4) == 0 || (depth == 0 && field.FieldType == FieldType.Message))
                continue;
            if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var i = random.Next(3); i > 0; i--)
                    list.Add(Value(field, random, depth));
            }
            else
                field.Accessor.SetValue(message, Value(field, random, depth));
        }
        return message;
    }

    private static object Value(FieldDescriptor field, Random random, int depth) =>
        field.FieldType switch
        {
            FieldType.Message => Make(field.MessageType, random, depth - 1),
            FieldType.Enum => Enum.ToObject(
                field.EnumType.ClrType,
                field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Number
            ),
            FieldType.Bool => random.Next(2) == 0,
            FieldType.String => Text(random),
            FieldType.Bytes => ByteString.CopyFrom(Bytes(random)),
            FieldType.Int32 or FieldType.SInt32 => random.Next(3) == 0
                ? int.MinValue
                : random.Next(),
            FieldType.Int64 or FieldType.SInt64 => random.Next(3) == 0
                ? long.MinValue
                : random.NextInt64(),
            FieldType.UInt64 => (ulong)random.NextInt64(),
            var other => throw new NotSupportedException(
                string.Create(CultureInfo.InvariantCulture, $"Unsupported field type {other}")
            ),
        };

    private static string Text(Random random) =>
        random.Next(3) switch
        {
            0 => "",
            1 => "ünï{c}ode 🚀 \0 \n",
            _ => new string('x', random.Next(300)),
        };

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(100)];
        random.NextBytes(bytes);
        return bytes;
    }
}
