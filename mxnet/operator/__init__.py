"""`mx.operator`: operators written in Python, and what is registered."""

from .. import context, symbol  # names of this path
from .custom_op import CustomOp, CustomOpProp, register
from .listing import OperatorArguments, get_all_registered_operators, get_operator_arguments
from .python_op import NDArrayOp, NumpyOp, PythonOp
