using Google.Protobuf;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Events;

/// <summary>A graph as TensorBoard draws it: nodes, what they read, and the sizes of what they compute. Not for running; values are left out.</summary>
internal static class GraphPicture
{
    public static GraphDef Of(Graph graph)
    {
        GraphDef picture = new() { Versions = new() { Producer = 22 } };
        foreach (Node node in graph.Nodes)
        {
            NodeDef drawn = new() { Name = node.Name, Op = node.Op.Name };
            drawn.Input.AddRange(node.Inputs.Select(i => i.Index == 0 ? i.Node.Name : i.Name));
            AttrValue.Types.ListValue shapes = new();
            shapes.Shape.AddRange(node.Outputs.Select(o => ShapeOf(o.Shape)));
            drawn.Attr.Add("_output_shapes", new() { List = shapes });
            if (node.Outputs.Count > 0)
            {
                drawn.Attr.Add("dtype", new()
                {
                    Type = node.Outputs[0].DType switch { DType.Int32 => DataType.DtInt32, DType.Bool => DataType.DtBool, _ => DataType.DtFloat },
                });
            }

            picture.Node.Add(drawn);
        }

        return picture;
    }

    private static TensorShapeProto ShapeOf(Shape shape)
    {
        TensorShapeProto proto = new();
        foreach (int dim in shape.Dims)
            proto.Dim.Add(new TensorShapeProto.Types.Dim { Size = dim < 0 ? -1 : dim });
        return proto;
    }
}
