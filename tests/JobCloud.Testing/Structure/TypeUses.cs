using System.Reflection;
using System.Reflection.Emit;

namespace JobCloud.Testing.Structure;

/// <summary>The types that a type uses in its declaration, in signatures of its members, and in
/// bodies of its methods. It misses uses that the compiler resolves, such as constants.</summary>
internal static class TypeUses
{
    private const BindingFlags Own =
        BindingFlags.DeclaredOnly
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static;

    private const int TwoByteMark = 0xfe;
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xffff, code => code.OperandType);

    public static IEnumerable<Type> Of(Type type) =>
        Declared(type)
            .Concat(type.GetFields(Own).Select(field => field.FieldType))
            .Concat(type.GetMethods(Own).SelectMany(method => Of(method).Append(method.ReturnType)))
            .Concat(type.GetConstructors(Own).SelectMany(Of))
            .SelectMany(Parts)
            .Distinct();

    private static IEnumerable<Type> Declared(Type type) =>
        type.BaseType is { } above ? type.GetInterfaces().Append(above) : type.GetInterfaces();

    private static IEnumerable<Type> Of(MethodBase method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType).Concat(InBody(method));

    private static IEnumerable<Type> InBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (var local in body.LocalVariables)
            yield return local.LocalType;
        foreach (var caught in body.ExceptionHandlingClauses)
        {
            if (
                caught.Flags == ExceptionHandlingClauseOptions.Clause
                && caught.CatchType is { } type
            )
                yield return type;
        }
        foreach (var token in Tokens(body.GetILAsByteArray() ?? []))
        {
            foreach (var type in Named(method, token))
                yield return type;
        }
    }

    private static IEnumerable<Type> Named(MethodBase method, int token)
    {
        var member = method.Module.ResolveMember(
            token,
            method.DeclaringType?.GetGenericArguments(),
            method.IsGenericMethod ? method.GetGenericArguments() : null
        );
        if (member is Type type)
            return [type];
        var named = member?.DeclaringType is { } owner ? new List<Type> { owner } : [];
        if (member is FieldInfo field)
            named.Add(field.FieldType);
        if (member is MethodBase called)
            named.AddRange(called.GetParameters().Select(parameter => parameter.ParameterType));
        if (member is MethodInfo { ReturnType: var returned } and var info)
            named.AddRange([returned, .. ((MethodInfo)info).GetGenericArguments()]);
        return named;
    }

    /// <summary>The tokens of types, fields and methods in IL code (ECMA-335, III.1.9).</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length; )
        {
            int value = code[at++];
            if (value == TwoByteMark)
                value = value << 8 | code[at++];
            var operand = Operands[value];
            if (
                operand
                is OperandType.InlineField
                    or OperandType.InlineMethod
                    or OperandType.InlineType
                    or OperandType.InlineTok
            )
                yield return BitConverter.ToInt32(code, at);
            at += Size(operand, code, at);
        }
    }

    private static int Size(OperandType operand, byte[] code, int at) =>
        operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget
            or OperandType.ShortInlineI
            or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
            _ => 4,
        };

    /// <summary>A type with its element type, generic definition and arguments.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? []
        : type.IsConstructedGenericType
            ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
